"""Which arms of seeds=auto are trained again, and why the others are not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from runner.comparison import Arm, ArmPair, Comparison
from runner.comparison.compare import compare, compare_at_look
from runner.comparison.page import page
from runner.comparison.stopping import share, with_endings
from runner.comparison.table import show
from runner.statistics import Verdict
from tests.comparison.given import baseline, difference, empty, pair, retention, trained, tuned, untrained

LOOKS = (2, 4, 8)
BASE, RAG = baseline("base", 0.1), baseline("rag", 0.5)
SMALL, MIDDLE, LARGE = (
    replace(tuned("fact", size, accuracy), seeds=(accuracy,) * 2) for size, accuracy in (("1x", 0.3), ("5x", 0.5), ("10x", 0.55))
)


def open_pair(first: str, second: str, gain: float = 0.02, hopeful: int | None = 4, width: float = 0.09) -> ArmPair:
    """A pair that is not decided, and the number of trainings that may decide it."""
    result = pair(first, second, gain)
    return replace(result, verdict=Verdict.UNDECIDED, difference=replace(difference(gain, width), hopeful=hopeful))


def made(arms: Sequence[Arm], pairs: Sequence[ArmPair]) -> Comparison:
    """A comparison of these arms, whose other pairs are all decided."""
    listed = {frozenset((other.first, other.second)) for other in pairs}
    rest = [
        pair(first.name, second.name, max(0.2, second.accuracy.estimate - first.accuracy.estimate))
        for place, first in enumerate(arms)
        for second in arms[place + 1 :]
        if first.accuracy and second.accuracy and frozenset((first.name, second.name)) not in listed
    ]
    return replace(empty(), arms=arms, pairs=[*pairs, *rest], looks=LOOKS)


def endings(comparison: Comparison) -> dict[str, str]:
    return {arm.name: arm.ended for arm in with_endings(comparison, comparison).arms if arm.ended}


def undecided(comparison: Comparison) -> dict[str, list[str]]:
    return {arm.name: [*arm.undecided] for arm in with_endings(comparison, comparison).arms if arm.undecided}


def test_an_arm_whose_pairs_are_decided_is_not_trained_again() -> None:
    comparison = made([BASE, MIDDLE], [])
    assert undecided(comparison) == {}
    assert endings(comparison) == {"fact 5x": "decided"}


def test_an_arm_is_trained_again_for_a_baseline_or_for_the_best_tuned_arm() -> None:
    pairs = [open_pair("rag", "fact 5x"), open_pair("fact 5x", "fact 10x")]
    comparison = made([BASE, RAG, MIDDLE, LARGE], pairs)
    assert undecided(comparison) == {"fact 5x": ["rag", "fact 10x"], "fact 10x": ["fact 5x"]}


def test_two_arms_behind_the_best_need_not_be_told_apart() -> None:
    near = replace(SMALL, name="fact 2x")
    comparison = made([BASE, SMALL, near, LARGE], [open_pair("fact 1x", "fact 2x", 0.0)])
    assert undecided(comparison) == {}


def test_two_names_of_one_training_are_not_told_apart() -> None:
    arms = [BASE, replace(MIDDLE, training="same"), replace(LARGE, training="same")]
    assert undecided(made(arms, [open_pair("fact 5x", "fact 10x")])) == {}


def test_an_arm_that_is_worse_than_another_tuned_arm_is_dropped_whatever_else_is_open() -> None:
    comparison = made([BASE, RAG, SMALL, LARGE], [open_pair("rag", "fact 1x"), open_pair("base", "fact 1x")])
    assert undecided(comparison) == {}
    assert endings(comparison) == {"fact 1x": "worse than fact 10x", "fact 10x": "decided"}


def test_an_arm_is_not_dropped_for_one_that_failed_its_gate() -> None:
    failed = replace(LARGE, retention=retention(lost=60, floor=0.8))
    comparison = made([BASE, SMALL, failed], [open_pair("base", "fact 1x")])
    assert undecided(comparison) == {"fact 1x": ["base"]}


def test_a_pair_that_is_shown_to_lie_within_the_margin_is_settled() -> None:
    comparison = made([BASE, MIDDLE, LARGE], [open_pair("fact 5x", "fact 10x", 0.01, width=0.03)])
    assert undecided(comparison) == {}
    assert undecided(replace(comparison, margin=0.01)).keys() == {"fact 5x", "fact 10x"}
    assert endings(comparison) == {"fact 5x": "decided", "fact 10x": "decided"}


@pytest.mark.parametrize("hopeful", [None, 9])
def test_a_pair_that_no_training_may_decide_is_given_up(hopeful: int | None) -> None:
    comparison = made([BASE, RAG, MIDDLE], [open_pair("rag", "fact 5x", hopeful=hopeful)])
    assert undecided(comparison) == {}
    assert endings(comparison) == {"fact 5x": "more would hardly decide against rag"}


def test_a_pair_that_is_decided_at_the_error_of_the_last_look_is_not_given_up_before() -> None:
    arms = [BASE, RAG, MIDDLE]
    now, last = made(arms, [open_pair("rag", "fact 5x", hopeful=None)]), made(arms, [pair("rag", "fact 5x", 0.2)])
    assert [arm.undecided for arm in with_endings(now, last).arms] == [[], [], ["rag"]]


def test_the_looks_share_the_error_in_proportion_to_their_trainings() -> None:
    assert [share(trainings, LOOKS) for trainings in (2, 4, 8)] == [1 / 7, 2 / 7, 4 / 7]
    # A training whose answers were not graded does not count.
    assert share(3, LOOKS) == 2 / 7
    assert (share(3, ()), share(9, LOOKS)) == (1.0, 4 / 7)


def test_an_arm_that_has_all_its_trainings_says_what_is_open() -> None:
    most = replace(MIDDLE, seeds=(0.5,) * 8)
    assert endings(made([BASE, RAG, most], [open_pair("rag", "fact 5x")])) == {"fact 5x": "still not decided against rag"}
    assert endings(made([BASE, RAG, MIDDLE], [open_pair("rag", "fact 5x")])) == {
        "fact 5x": "not decided against rag at the last look"
    }


def test_an_arm_that_did_not_finish_is_not_trained_again_and_stops_no_other() -> None:
    lost = Arm(name="fact 10x", kind="tuned", status="FAILED", run="1")
    comparison = made([BASE, MIDDLE, lost], [open_pair("base", "fact 5x")])
    assert undecided(comparison) == {"fact 5x": ["base"]}
    assert "fact 10x" not in endings(comparison)


def test_the_table_and_the_report_name_trainings_and_reasons_and_the_error_of_each_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = ["-" * 30, "+" * 30, "+" * 10 + "-" * 20]
    arms = [
        untrained("base", answers[0]),
        trained("1", *answers[1:2] * 2),
        trained("2", *answers[2:] * 4, settings={"size": "1x", "seeds": "4"}),
    ]
    comparison = compare_at_look(lambda error: compare(arms, error), 0.05, 4, LOOKS)
    show(comparison)
    output = " ".join(capsys.readouterr().out.split())
    assert [(arm.ended, len(arm.seeds)) for arm in comparison.arms] == [("", 0), ("decided", 2), ("worse than fact 5x", 4)]
    sentence = "This is the one after 4, so each interval and each verdict is at an error of 1.43%."
    assert (
        "compared after 2, 4 and 8 trainings, as long as more trainings may decide. These comparisons share error=0.05 in "
        "proportion to their trainings." in output
    )
    assert sentence in output
    assert "98.57% interval" in output
    assert "│ 4 │ worse than fact 5x │" in output
    report = page(comparison)
    assert "<td>worse than fact 5x</td>" in report
    assert sentence in report
