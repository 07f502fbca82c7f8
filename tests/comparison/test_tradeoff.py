"""Accuracy is drawn against what was kept, and the frontier holds the arms that no other surpasses in both."""

from dataclasses import replace

from runner.comparison import Arm, Comparison
from runner.comparison.tradeoff import frontier, measured, tradeoff, words
from runner.statistics import Interval
from tests.comparison.given import baseline, empty, retention, small, tuned


def arm(name: str, accuracy: float, lost: int) -> Arm:
    kept = Interval(estimate=1 - lost / 70, low=0.4, high=0.9)
    return replace(tuned("fact", "5x", accuracy), name=name, retention=replace(retention(lost=lost), kept_interval=kept))


def comparing(*arms: Arm) -> Comparison:
    return replace(small(), arms=[baseline("base", 0.1), *arms])


MANY = comparing(arm("none", 0.74, 35), arm("kl", 0.73, 10), arm("own", 0.61, 18), arm("heavy", 0.65, 7))


def test_an_arm_that_another_surpasses_in_both_is_not_on_the_frontier() -> None:
    assert [best.name for best in frontier(measured(MANY))] == ["none", "kl", "heavy"]


def test_arms_with_the_same_numbers_are_on_it_together() -> None:
    assert len(frontier([arm("one", 0.5, 10), arm("other", 0.5, 10)])) == 2


def test_every_arm_is_a_point_with_both_intervals() -> None:
    chart = tradeoff(MANY)
    assert chart is not None
    rows = [row for dataset in chart.to_dict()["datasets"].values() for row in dataset]
    points = {row["arm"]: row for row in rows}
    assert (points["kl"]["kept"], points["kl"]["kept_low"], points["kl"]["kept_high"]) == (60 / 70, 0.4, 0.9)
    assert {name for name, row in points.items() if row["frontier"]} == {"none", "kl", "heavy"}
    assert {"low", "high", "accuracy"} <= points["own"].keys()


def test_the_words_tell_the_numbers_and_the_frontier() -> None:
    assert "kl 73.0% and 85.7%" in words(MANY)
    assert words(MANY).endswith("Frontier: none, kl, heavy.")


def test_a_single_arm_and_arms_without_general_questions_have_no_chart() -> None:
    assert tradeoff(comparing(arm("none", 0.7, 35))) is None
    assert tradeoff(comparing(*(replace(arm(name, 0.7, 1), retention=None) for name in "ab"))) is None
    assert tradeoff(empty()) is None
