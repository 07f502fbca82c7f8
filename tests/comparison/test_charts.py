"""Charts of a comparison: what each draws, and that it is left out where there is nothing to draw."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runner.comparison import Arm, Comparison
from runner.comparison.charts import categories, coverage, losses, retention, uptake
from runner.comparison.marks import Chart
from tests.comparison.given import baseline, empty, small, tuned
from tests.comparison.given import coverage as covered


def rows(chart: Chart | None) -> list[dict[str, Any]]:
    assert chart is not None
    return [row for dataset in chart.to_dict()["datasets"].values() for row in dataset]


def comparing(*arms: Arm) -> Comparison:
    return replace(small(), arms=arms)


@pytest.mark.parametrize("chart", [categories, coverage, losses, retention, uptake])
def test_a_comparison_without_results_has_no_chart(chart: Callable[[Comparison], Chart | None]) -> None:
    assert chart(empty()) is None


@pytest.mark.parametrize("chart", [coverage, losses, retention, uptake])
def test_baselines_alone_have_no_chart_of_training(chart: Callable[[Comparison], Chart | None]) -> None:
    assert chart(comparing(baseline("base", 0.1))) is None


def test_every_category_has_its_panel_after_all_questions() -> None:
    assert {row["panel"] for row in rows(categories(small()))} == {"all questions", "Boot", "Clocks", "Interrupts"}


def test_an_exam_of_one_category_is_not_drawn_twice() -> None:
    assert {row["panel"] for row in rows(categories(comparing(tuned("fact", "1x", 0.4, ["Boot"]))))} == {"Boot"}


def test_an_exam_without_categories_is_drawn_as_a_whole() -> None:
    assert {row["panel"] for row in rows(categories(comparing(tuned("fact", "1x", 0.4, []))))} == {"all questions"}


def test_coverage_shows_labelled_and_answered_facts_of_the_examined() -> None:
    drawn = rows(coverage(comparing(replace(tuned("fact", "1x", 0.4), coverage=covered(24, 30)))))
    assert [(row["measure"], row["facts"]) for row in drawn if "measure" in row] == [("labelled", 24), ("answered", 12)]
    assert [row["name"] for row in drawn if "name" in row] == ["30 examined"]


def test_coverage_of_an_exam_without_facts_is_left_out() -> None:
    assert coverage(comparing(replace(tuned("fact", "1x", 0.4), coverage=replace(covered(), examined=0)))) is None


def test_uptake_leaves_out_what_was_not_measured() -> None:
    arm = replace(tuned("fact", "1x", 0.4), coverage=replace(covered(), untaught=None))
    assert [row["measure"] for row in rows(uptake(comparing(arm)))] == ["training questions", "exam, taught facts"]


def test_retention_shows_before_after_and_what_was_kept_beside_the_floor() -> None:
    drawn = rows(retention(comparing(tuned("fact", "1x", 0.4))))
    assert [(row["measure"], round(row["accuracy"], 3)) for row in drawn if "measure" in row] == [
        ("before", 0.7),
        ("after", 0.6),
        ("kept of the known", 0.886),
    ]
    assert [row["floor"] for row in drawn if "floor" in row] == [0.8]


def test_retention_without_a_gate_has_no_floor() -> None:
    arm = tuned("fact", "1x", 0.4)
    assert arm.retention
    drawn = rows(retention(comparing(replace(arm, retention=replace(arm.retention, floor=0)))))
    assert [row for row in drawn if "floor" in row] == []


def test_a_long_training_is_drawn_by_means_of_neighbouring_steps() -> None:
    drawn = rows(losses(comparing(replace(tuned("fact", "1x", 0.4), losses=[1.0, 2.0] * 800))))
    assert (len(drawn) <= 160, {row["loss"] for row in drawn}) == (True, {1.5})


def test_a_short_training_is_drawn_step_by_step_from_one() -> None:
    drawn = rows(losses(comparing(replace(tuned("fact", "1x", 0.4), losses=[3.0, 2.0]))))
    assert [(row["step"], row["loss"]) for row in drawn] == [(1, 3.0), (2, 2.0)]


def test_a_training_that_diverged_is_drawn_as_far_as_it_went() -> None:
    drawn = rows(losses(comparing(replace(tuned("fact", "1x", 0.4), losses=[3.0, math.nan, math.inf]))))
    assert [row["loss"] for row in drawn] == [3.0]
