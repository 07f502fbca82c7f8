"""The recommendation follows its rules on comparisons made by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from runner.comparison import Advice, Arm, ArmPair, ArmRetention, Comparison
from runner.comparison.advice import advice
from runner.comparison.words import ends, points
from runner.statistics import Verdict
from tests.comparison.given import asked, baseline, coverage, difference, empty, pair, retention, tuned

BASE, RAG = baseline("base", 0.1), baseline("rag", 0.7)
SMALL, MIDDLE, LARGE = (
    replace(tuned("fact", size, accuracy), retention=None, coverage=None, spread=None, seeds=())
    for size, accuracy in (("1x", 0.45), ("5x", 0.5), ("10x", 0.6))
)
BEATS = [pair("base", arm.name, 0.3) for arm in (SMALL, MIDDLE, LARGE)]


def made(arms: Sequence[Arm], pairs: Sequence[ArmPair]) -> Comparison:
    return replace(empty(), arms=arms, pairs=pairs, questions=100, facts=50, items=asked(50, 2))


def sentences(arms: Sequence[Arm], pairs: Sequence[ArmPair]) -> list[str]:
    return [each.sentence for each in advice(made(arms, pairs))]


def first(arms: Sequence[Arm], pairs: Sequence[ArmPair]) -> Advice:
    return advice(made(arms, pairs))[0]


def kept(remembered: ArmRetention | None) -> Arm:
    """The large arm with this retention."""
    return replace(LARGE, retention=remembered)


def undecided(name: str, gap: float, detectable: float | None) -> ArmPair:
    """An undecided pair of a baseline and the large arm."""
    return replace(pair(name, LARGE.name, gap), difference=difference(gap, 0.5, detectable), verdict=Verdict.UNDECIDED)


def within(name: str, gain: float, width: float) -> ArmPair:
    """The large arm's gain over a tuned arm, not decided, in an interval of this width on each side."""
    return replace(pair(name, LARGE.name, gain), difference=difference(gain, width), verdict=Verdict.UNDECIDED)


def test_the_smallest_arm_that_is_shown_to_lose_no_more_than_the_margin_is_taken() -> None:
    pairs = [*BEATS, pair("fact 1x", "fact 10x", 0.15), within("fact 5x", 0.01, 0.04)]
    advised = first([BASE, SMALL, MIDDLE, LARGE], pairs)
    assert advised.sentence == (
        "Take fact 5x: it has the fewest labels of the tuned arms that beat the untuned model and are shown to be at most 5 "
        "points (margin=5) worse than fact 10x, the most accurate."
    )
    assert advised.because == [
        "fact 5x: 50.0% (42.0 to 58.0) with 590 labels",
        "fact 10x: 60.0% (52.0 to 68.0) with 1,180 labels",
        "fact 1x minus fact 10x: −15.0 points (−24.0 to −6.0), corrected p below 0.001: worse",
        "fact 5x minus fact 10x: −1.0 points (−5.0 to +3.0), corrected p 0.620: not decided",
    ]


def test_an_arm_that_may_lose_more_than_the_margin_is_not_taken_though_nothing_is_decided() -> None:
    pairs = [*BEATS, pair("fact 1x", "fact 10x", 0.15), within("fact 5x", 0.01, 0.05)]
    assert sentences([BASE, SMALL, MIDDLE, LARGE], pairs)[0].startswith("Take fact 10x")
    wider = replace(made([BASE, SMALL, MIDDLE, LARGE], pairs), margin=0.061)
    assert advice(wider)[0].sentence.startswith("Take fact 5x")


def test_the_best_is_taken_where_every_smaller_arm_is_decidedly_worse() -> None:
    pairs = [*BEATS, pair("fact 1x", "fact 10x", 0.15), pair("fact 5x", "fact 10x", 0.1)]
    advised = first([BASE, SMALL, MIDDLE, LARGE], pairs)
    assert advised.sentence == (
        "Take fact 10x: it has the highest accuracy of the tuned arms that beat the untuned model. None with fewer labels is "
        "shown to be within 5 points (margin=5) of it."
    )
    assert [reason.split(":")[0] for reason in advised.because] == [
        "fact 10x",
        "fact 1x minus fact 10x",
        "fact 5x minus fact 10x",
    ]


def test_of_arms_with_as_many_labels_the_most_accurate_is_taken() -> None:
    other = replace(LARGE, name="fact 10x seed=1", accuracy=MIDDLE.accuracy)
    pairs = [*BEATS, pair("base", other.name, 0.3), pair(other.name, "fact 10x", 0.05)]
    assert sentences([BASE, other, LARGE], pairs)[0] == (
        "Take fact 10x: it has the highest accuracy of the tuned arms that beat the untuned model."
    )


def test_an_arm_without_a_pair_with_the_best_is_not_taken_for_as_good() -> None:
    advised = first([BASE, SMALL, LARGE], BEATS)
    assert advised.sentence.startswith("Take fact 10x")
    assert "fact 1x and fact 10x: no question is graded for both" in advised.because


def test_an_arm_that_is_better_where_both_were_graded_is_as_good_as_the_best() -> None:
    assert first([BASE, SMALL, LARGE], [*BEATS, pair("fact 10x", "fact 1x", 0.2)]).sentence.startswith("Take fact 1x")


def test_an_arm_that_does_not_beat_the_untuned_model_is_not_taken_though_it_is_as_good_as_the_best() -> None:
    pairs = [pair("base", "fact 1x", 0.05), pair("base", "fact 10x", 0.3), pair("fact 1x", "fact 10x", 0.05)]
    advised = sentences([BASE, SMALL, LARGE], pairs)
    assert advised[:2] == ["Take fact 10x: it is the only tuned arm that beats the untuned model.", "fact 10x beats base."]


def test_the_best_of_those_that_beat_the_untuned_model_is_taken_even_where_the_most_accurate_does_not() -> None:
    pairs = [pair("base", "fact 1x", 0.3), undecided("base", 0.2, 0.12), pair("fact 1x", "fact 10x", 0.05)]
    assert sentences([BASE, SMALL, LARGE], pairs)[0].startswith("Take fact 1x: it is the only tuned arm that beats")


@pytest.mark.parametrize("gain", [0.05, 0.0, -0.3])
def test_where_no_arm_beats_the_untuned_model_the_advice_is_to_stay_with_it(gain: float) -> None:
    advised = first([BASE, SMALL, LARGE], [pair("base", "fact 1x", gain), pair("base", "fact 10x", gain)])
    assert advised.sentence == "Stay with the untuned model: no tuned arm is decidedly better on this exam."
    assert [reason.split(":")[0] for reason in advised.because] == ["fact 1x minus base", "fact 10x minus base"]
    assert advised.detail == f"{advised.because[1]}."


def test_where_no_arm_beats_the_untuned_model_the_foremost_is_still_set_beside_retrieval() -> None:
    advised = sentences([BASE, RAG, LARGE], [pair("base", "fact 10x", 0.02), pair("rag", "fact 10x", -0.04)])
    assert advised[:2] == [
        "Stay with the untuned model: neither rag nor any tuned arm is decidedly better on this exam.",
        "It is not decided whether fact 10x reaches rag.",
    ]


def test_an_arm_that_the_untuned_model_was_not_compared_with_is_not_taken() -> None:
    advised = first([BASE, LARGE], [])
    assert advised.sentence.startswith("Stay with the untuned model")
    assert advised.because == ["fact 10x and base: no question is graded for both"]


def test_without_the_untuned_model_an_arm_is_taken_and_nothing_is_said_of_beating_it() -> None:
    assert sentences([RAG, LARGE], []) == ["Take fact 10x: it is the only tuned arm that can be recommended."]
    assert sentences([RAG, SMALL, LARGE], [within("fact 1x", 0.01, 0.02)])[0] == (
        "Take fact 1x: it has the fewest labels of the tuned arms that can be recommended and are shown to be at most 5 "
        "points (margin=5) worse than fact 10x, the most accurate."
    )


def test_an_arm_is_set_beside_the_untuned_form_of_its_own_model() -> None:
    bases = [replace(BASE, name=f"base model={model}", parameters={"model": model}) for model in ("small", "big")]
    arm = replace(LARGE, parameters={**LARGE.parameters, "model": "small"})
    pairs = [pair("base model=small", "fact 10x", 0.3), pair("base model=big", "fact 10x", -0.2)]
    assert sentences([*bases, arm], pairs) == [
        "Take fact 10x: it is the only tuned arm that beats the untuned model.",
        "fact 10x beats base model=small.",
        "fact 10x does not reach base model=big.",
    ]


def test_an_arm_that_failed_the_gate_is_never_taken() -> None:
    forgot = kept(retention(0.3, lost=40))
    advised = sentences([BASE, SMALL, forgot], [*BEATS, pair("fact 1x", "fact 10x", 0.15)])
    assert advised[0].startswith("Take fact 1x: it is the only tuned arm")


def test_where_nothing_can_be_taken_each_arm_is_told_with_what_it_lacks() -> None:
    failed, ungraded = replace(SMALL, status="FAILED", accuracy=None), replace(MIDDLE, accuracy=None)
    (advised,) = advice(made([BASE, failed, ungraded, kept(retention(0.3, lost=40))], BEATS))
    assert advised.sentence == "No tuned arm can be recommended."
    assert advised.detail.startswith("fact 1x: failed; fact 5x: no answer was graded; ")
    assert advised.because == [
        "fact 1x: failed",
        "fact 5x: no answer was graded",
        "fact 10x: failed the gate, kept 42.9%, but 80.0% is asked for",
    ]


@pytest.mark.parametrize("comparison", [replace(empty(), arms=[]), replace(empty(), arms=[BASE, RAG])])
def test_without_tuned_arms_none_is_recommended(comparison: Comparison) -> None:
    assert advice(comparison) == [Advice(sentence="No tuned arm can be recommended.", because=[])]


@pytest.mark.parametrize(
    ("gain", "sentence"),
    [
        (0.2, "fact 10x beats dense."),
        (-0.2, "fact 10x does not reach dense."),
        (-0.04, "It is not decided whether fact 10x reaches dense."),
    ],
)
def test_the_arm_is_set_beside_each_further_baseline_with_the_numbers(gain: float, sentence: str) -> None:
    pairs = [*BEATS, pair("rag", "fact 10x", 0.3), pair("dense", "fact 10x", gain)]
    (advised,) = [each for each in advice(made([BASE, RAG, baseline("dense", 0.6), LARGE], pairs)) if each.sentence == sentence]
    assert advised.because[0] == "dense: 60.0% (52.0 to 68.0)"
    assert advised.because[1].startswith("fact 10x minus dense: ")
    assert advised.detail == f"Difference: {points(gain)} points ({ends(difference(gain))})."


def test_a_baseline_that_was_not_graded_is_not_spoken_of() -> None:
    assert sentences([BASE, replace(RAG, status="FAILED", accuracy=None), LARGE], BEATS) == [
        "Take fact 10x: it is the only tuned arm that beats the untuned model.",
        "fact 10x beats base.",
    ]


def test_a_decided_loss_is_told_with_the_one_remedy_that_was_measured_to_help() -> None:
    advised = advice(made([BASE, kept(retention())], BEATS))[2]
    assert advised.sentence == "fact 10x lost 11.4% of the known general questions."
    assert advised.because == [
        "general questions: 70.0% (62.0 to 78.0) before, 60.0% (52.0 to 68.0) after, p below 0.001",
        "8 of the 70 questions that the untuned model knew were lost, 2 others gained",
        "perplexity of a page of general text: 14.2 before, 15.9 after",
        "to keep more: on the shipped corpus keep=kl kept 83% where keep=none kept 45%, with no decided change of accuracy. To "
        "try it here: keep=none,kl (not with a hosted tuner), and read the column kept",
    ]


def test_what_was_kept_of_each_kind_is_a_reason() -> None:
    remembered = replace(retention(), kinds={"knowledge": (50, 0.9), "passages": (20, 0.855)})
    advised = advice(made([BASE, kept(remembered)], BEATS))[2]
    assert "kept by kind of question: knowledge 90.0% of 50, passages 85.5% of 20" in advised.because


@pytest.mark.parametrize("verdict", [Verdict.UNDECIDED, Verdict.BETTER])
def test_where_no_loss_is_decided_none_is_claimed(verdict: Verdict) -> None:
    remembered = replace(retention(), verdict=verdict, perplexity_before=None)
    advised = advice(made([BASE, kept(remembered)], BEATS))[2]
    assert advised.sentence == "On general questions fact 10x is not decidedly worse than the untuned model."
    assert len(advised.because) == 2


def answering(method: str, size: str, answered: int, *, lists_facts: bool, **parameters: str) -> Arm:
    """An arm that is right on so many facts.

    Its method lists facts or does not.
    """
    arm = tuned(method, size, 0.5)
    covered = replace(coverage(), answered=answered, listed=40 if lists_facts else None, kept=36 if lists_facts else None)
    return replace(arm, method=method, coverage=covered, parameters={**arm.parameters, **parameters})


@pytest.mark.parametrize(
    ("fact", "token", "extent"),
    [
        ([20, 24], [18, 24], "on more facts than"),
        ([18, 24], [20, 24], "on fewer facts than"),
        ([20, 22], [18, 24], "in some cases on more facts, in others on fewer facts, than"),
        ([20, 24], [20, 24], "on as many facts as"),
    ],
)
def test_a_method_that_lists_facts_is_compared_with_one_that_does_not_at_each_size(
    fact: list[int], token: list[int], extent: str
) -> None:
    arms = [
        answering(method, size, answered, lists_facts=method == "fact")
        for method, counts in (("fact", fact), ("token", token))
        for size, answered in zip(("1x", "5x"), counts, strict=True)
    ]
    (evenness,) = about_facts([*arms, tuned("fact", "10x", 0.6)])
    assert evenness.sentence == (
        f"Arms trained on fact labels are right {extent} arms trained on token labels (counted, not tested)."
    )
    assert evenness.because[0] == (
        f"fact 1x against token 1x: right at least once on {fact[0]} of 30 facts against {token[0]} of 30; "
        "deviation of the accuracy over facts 0.31 against 0.31"
    )
    assert len(evenness.because) == 2
    assert evenness.detail == f"fact 1x: {fact[0]} of 30; token 1x: {token[0]} of 30."


def about_facts(arms: Sequence[Arm]) -> list[Advice]:
    """The sentences that compare methods by answered facts."""
    return [advice for advice in advice_on(arms) if "counted, not tested" in advice.sentence]


def advice_on(arms: Sequence[Arm]) -> list[Advice]:
    return advice(made(arms, []))


def test_methods_without_a_common_size_are_not_compared_by_facts() -> None:
    assert about_facts([tuned("fact", "1x", 0.5), tuned("token", "5x", 0.5)]) == []


def test_methods_that_all_list_facts_or_all_do_not_are_not_compared_by_facts() -> None:
    for lists_facts in (True, False):
        arms = [answering(method, "1x", 9, lists_facts=lists_facts) for method in ("fact", "token")]
        assert about_facts(arms) == []


def test_a_method_of_the_users_is_compared_by_facts_under_its_own_name() -> None:
    arms = [answering("artefacts", "1x", 20, lists_facts=True), answering("passage", "1x", 18, lists_facts=False)]
    (evenness,) = about_facts(arms)
    assert evenness.sentence.startswith("Arms trained on artefacts labels are right on more facts than arms trained on passage")


def test_each_two_methods_have_a_sentence_of_their_own() -> None:
    arms = [answering("fact", "1x", 20, lists_facts=True)]
    arms += [answering(method, "1x", answered, lists_facts=False) for method, answered in (("token", 18), ("passage", 22))]
    assert [evenness.sentence.partition(" (")[0] for evenness in about_facts(arms)] == [
        "Arms trained on fact labels are right on more facts than arms trained on token labels",
        "Arms trained on fact labels are right on fewer facts than arms trained on passage labels",
    ]


@pytest.mark.parametrize(
    ("fact", "other", "compared"),
    [
        ({"tuner.rate": "1"}, {"tuner.rate": "1"}, True),
        ({"tuner.rate": "1"}, {"tuner.rate": "2"}, False),
        ({"seed": "1"}, {"seed": "0"}, False),
        ({"teacher": "large"}, {"teacher": "small"}, False),
        ({"teacher": "large"}, {"teacher": "none"}, True),
        ({"method.pairs": "5"}, {"method.example": "x"}, True),
        ({"labels": "30", "label_tokens": "600", "steps": "9"}, {"labels": "47", "label_tokens": "900", "steps": "14"}, True),
    ],
)
def test_arms_are_compared_by_facts_only_where_they_differ_in_nothing_but_their_method(
    fact: dict[str, str], other: dict[str, str], compared: bool
) -> None:
    arms = [answering("fact", "1x", 20, lists_facts=True, **fact), answering("human", "1x", 18, lists_facts=False, **other)]
    assert len(about_facts(arms)) == compared
