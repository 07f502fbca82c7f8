"""What the tests decide about each arm: the star, a training that did not take, and much that was forgotten."""

from dataclasses import replace

import pytest

from runner.comparison import Arm
from runner.comparison.compare import compare
from runner.comparison.standing import fall, forgot, keeps_more, star, untaken
from tests.comparison.given import baseline, coverage, empty, interval, pair, retention, trained, tuned, untrained

RIGHT, WRONG = "+" * 10, "-" * 10
FIVE, ONE = (replace(tuned("fact", size, 0.6), retention=None) for size in ("5x", "1x"))


def starred(*arms: Arm, base: float = 0.3, rag: float = 0.3) -> str:
    """The star among these arms, which are so far ahead of two baselines."""
    baselines = [baseline("base", 0.1), baseline("rag", 0.2)]
    pairs = [pair(name, arm.name, gain) for arm in arms for name, gain in (("base", base), ("rag", rag))]
    return star(replace(empty(), arms=[*baselines, *arms], pairs=pairs))


@pytest.mark.parametrize(
    ("base", "rag", "name"),
    [(0.3, 0.3, "fact 5x"), (0.3, 0.01, "fact 5x"), (0.01, 0.3, ""), (0.3, -0.3, ""), (0.01, 0.01, "")],
)
def test_a_star_needs_a_decided_gain_and_no_baseline_that_is_decidedly_better(base: float, rag: float, name: str) -> None:
    assert starred(FIVE, base=base, rag=rag) == name


def test_of_as_accurate_arms_the_star_goes_to_the_one_with_the_fewest_labels() -> None:
    assert starred(FIVE, ONE) == "fact 1x"


def test_an_arm_that_failed_the_gate_has_no_star() -> None:
    assert starred(FIVE, replace(ONE, retention=retention(lost=30, floor=0.8))) == "fact 5x"


def test_without_a_baseline_there_is_no_star() -> None:
    assert compare([trained("1", RIGHT), trained("2", WRONG, settings={"size": "1x"})]).star == ""
    assert compare([untrained("base", WRONG), trained("1", RIGHT)]).star == "fact 5x"


@pytest.mark.parametrize(
    ("recalled", "losses", "failed"),
    [
        (0.0, (3.0, 0.3), True),  # what it was asked says more than its loss
        (0.45, (3.0, 0.3), False),  # it may be above one half
        (0.9, (3.0, 2.9), False),
        (None, (3.0, 2.9), True),
        (None, (3.0, 2.0), False),
        (None, (3.0, float("inf")), True),
        (None, (3.0,), False),
        (None, (), False),
    ],
)
def test_a_training_that_was_not_learned_did_not_take(recalled: float | None, losses: tuple[float, ...], failed: bool) -> None:
    trained_on = None if recalled is None else interval(recalled)
    arm = replace(FIVE, coverage=replace(coverage(), trained=trained_on), losses=losses)
    assert bool(untaken(replace(empty(), arms=[arm]))) == failed
    better = replace(empty(), arms=[baseline("base", 0.1), arm], pairs=[pair("base", "fact 5x", 0.3)])
    assert untaken(better) == []


def test_a_training_of_which_no_question_is_answered_did_not_take_however_few_there_are() -> None:
    few = replace(coverage(), trained=interval(0.0, width=0.67))
    assert untaken(replace(empty(), arms=[replace(FIVE, coverage=few, losses=(3.0, 2.0))]))


def test_a_fall_is_from_the_first_tenth_of_the_losses_to_the_last() -> None:
    assert fall(replace(FIVE, losses=[4.0, 2.0, *[1.0] * 16, 1.0, 0.5])) == pytest.approx(0.25)


def test_only_a_decided_and_large_loss_counts_as_forgetting() -> None:
    large, small = retention(lost=8, floor=0), retention(lost=3, floor=0)
    undecided = replace(large, verdict=retention().verdict.UNDECIDED)
    assert [forgot(replace(FIVE, retention=kept)) for kept in (large, small, undecided, None)] == [True, False, False, False]


@pytest.mark.parametrize(("gain", "more"), [(0.2, True), (0.095, False), (-0.2, False)])
def test_only_a_decided_and_large_gap_between_arms_counts_as_keeping_more(gain: float, more: bool) -> None:
    comparison = replace(empty(), arms=[ONE, FIVE], kept_pairs=[pair(ONE.name, FIVE.name, gain)])
    assert keeps_more(comparison, FIVE, ONE) is more
    assert keeps_more(comparison, ONE, FIVE) is (gain == -0.2)
    assert not keeps_more(replace(comparison, kept_pairs=[]), FIVE, ONE)
