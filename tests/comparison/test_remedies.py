"""The recommendation names the remedies against forgetting that this sweep found to help, by their tests."""

from dataclasses import replace

from runner.comparison import Advice, Arm, Comparison
from runner.comparison.advice import advice
from runner.comparison.remedies import remedies
from runner.statistics import Verdict
from tests.comparison.given import asked, baseline, empty, pair, retention, tuned

BASE = baseline("base", 0.1)


def arm(keep: str, accuracy: float, lost: int) -> Arm:
    """An arm with this remedy or with "", which lost so many of 70 known questions."""
    plain = replace(tuned("fact", "5x", accuracy), coverage=None, spread=None, seeds=(), retention=retention(lost=lost, floor=0))
    remedy = {"keep": keep} if keep else {}
    return replace(plain, name=" ".join(["fact 5x", *map("=".join, remedy.items())]), parameters={"method": "fact", **remedy})


PLAIN, KL, REPLAY = arm("", 0.6, 35), arm("kl", 0.58, 7), arm("replay", 0.59, 34)


def made(*arms: Arm, kept: float = 0.4, accuracy: float = -0.02) -> Comparison:
    """These arms, where kl keeps so much more than none, and replay does not."""
    pairs = [pair("base", each.name, 0.4) for each in arms] + [
        pair(PLAIN.name, KL.name, accuracy),
        pair(PLAIN.name, REPLAY.name, -0.01),
    ]
    kept_pairs = [pair(PLAIN.name, KL.name, kept), pair(PLAIN.name, REPLAY.name, 0.01)]
    return replace(empty(), arms=[BASE, *arms], pairs=pairs, kept_pairs=kept_pairs, questions=100, facts=50, items=asked(50, 2))


def said(comparison: Comparison) -> list[Advice]:
    return list(remedies(comparison, PLAIN))


def test_a_remedy_that_kept_decidedly_more_is_named_with_what_it_did_to_the_accuracy() -> None:
    (helped,) = said(made(PLAIN, KL, REPLAY))
    assert helped.sentence == ("Against forgetting helped, beside fact 5x: fact 5x keep=kl with no decided change of accuracy.")
    assert helped.detail == "fact 5x keep=kl kept 90.0%, fact 5x 50.0%."
    assert helped.because[0] == (
        "kept, fact 5x keep=kl minus fact 5x: +40.0 points (+31.0 to +49.0), corrected p below 0.001: better"
    )
    assert helped.because[2].startswith("kept, fact 5x keep=replay minus fact 5x: +1.0 points")
    assert helped.because[2].endswith(Verdict.UNDECIDED)


def test_the_price_in_accuracy_is_told() -> None:
    (helped,) = said(made(PLAIN, KL, accuracy=-0.2))
    assert helped.sentence.endswith("fact 5x keep=kl at the price of accuracy.")


def test_where_none_helped_that_is_said() -> None:
    (none,) = said(made(PLAIN, KL, REPLAY, kept=0.05))
    assert none.sentence == "No remedy against forgetting that was tried keeps decidedly more than fact 5x."
    assert len(none.because) == 4


def test_without_a_remedy_or_without_the_arm_that_has_none_nothing_is_said() -> None:
    assert said(made(PLAIN)) == []
    assert list(remedies(made(KL, REPLAY), KL)) == []


def test_the_recommendation_tells_it_in_place_of_how_to_look_for_a_remedy() -> None:
    sentences = [each.sentence for each in advice(made(PLAIN, KL, REPLAY))]
    reasons = [reason for each in advice(made(PLAIN, KL, REPLAY)) for reason in each.because]
    assert any(sentence.startswith("Against forgetting helped") for sentence in sentences)
    assert not any(reason.startswith("to keep more") for reason in reasons)


def test_kl_is_proposed_where_no_remedy_was_compared_and_not_to_an_arm_that_has_it() -> None:
    def proposed(taken: Arm) -> bool:
        reasons = [reason for each in advice(made(taken)) for reason in each.because]
        return any(reason.startswith("to keep more") for reason in reasons)

    assert [proposed(taken) for taken in (PLAIN, REPLAY, KL)] == [True, True, False]
