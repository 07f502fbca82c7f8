"""A tracked arm to a line of the comparison: its name by what varies, its accuracies from its answers, the rest as tracked."""

from typing import Any

import pytest

from runner.comparison import Arm, Reach
from runner.comparison.arms import arm, cluster
from runner.comparison.names import ArmName
from runner.comparison.tracked import Tracked
from runner.statistics import Verdict
from tests.comparison.given import sheet, trained, untrained

GENERAL = {
    f"retention/{name}{end}": value + off
    for name, value in (("before", 0.75), ("after", 0.5))
    for end, off in (("", 0.0), ("_low", -0.1), ("_high", 0.1))
}


def line(tracked: Tracked) -> Arm:
    return arm(ArmName(arm="fact 5x", line="fact"), tracked, 0.05)


def general(before: str, *after: str) -> list[dict[str, Any]]:
    """The table of general questions: the untuned model's grades, and those of each training."""
    untuned = {row["id"]: row["grade"] for row in sheet(before)}
    return [{**row, "grade_before": untuned[row["id"]]} for row in sheet(*after)]


def test_a_question_that_names_no_fact_is_a_cluster_of_its_own() -> None:
    assert [cluster(row) for row in sheet("++", facts="a ")] == ["a", "q1"]


def test_the_accuracy_is_over_all_graded_answers_of_all_trainings() -> None:
    accuracy = line(trained("1", "++-?", "+---")).accuracy
    assert accuracy
    assert accuracy.estimate == pytest.approx(3 / 7)


def test_questions_of_one_fact_make_the_interval_wider() -> None:
    apart, together = (line(trained("1", "++++----", facts=facts)).accuracy for facts in ("abcdefgh", "aaaabbbb"))
    assert apart
    assert together
    assert (together.low, together.high) < (apart.low, 1)
    assert together.high > apart.high


@pytest.mark.parametrize(("grades", "estimate"), [("++++", 1.0), ("----", 0.0)])
def test_an_arm_that_is_right_or_wrong_everywhere_has_an_interval_that_ends_there(grades: str, estimate: float) -> None:
    accuracy = line(trained("1", grades)).accuracy
    assert accuracy
    assert accuracy.estimate == estimate
    assert {accuracy.low, accuracy.high} & {estimate}
    assert 0.2 < accuracy.high - accuracy.low < 0.8


def test_each_category_has_its_accuracy_and_one_without_a_grade_has_none() -> None:
    accuracies = line(trained("1", "+-+??", categories="aabcc")).categories
    assert {category: accuracy.estimate for category, accuracy in accuracies.items()} == {"a": 0.5, "b": 1.0}


def test_a_category_of_one_question_has_a_wide_interval() -> None:
    accuracy = line(trained("1", "+-+", categories="aab")).categories["b"]
    assert (accuracy.estimate, accuracy.high, accuracy.low < 0.3) == (1.0, 1.0, True)


def test_an_arm_of_which_nothing_was_graded_has_no_accuracy() -> None:
    arm = line(trained("1", "??"))
    assert (arm.accuracy, arm.categories, arm.eligible) == (None, {}, False)


def test_the_accuracy_of_each_training_is_told_where_there_were_several() -> None:
    assert (line(trained("1", "+-")).seeds, line(trained("1", "+-", "++", "--")).seeds) == ([], [0.5, 1.0, 0.0])


def test_a_training_without_a_grade_has_no_accuracy_of_nought() -> None:
    assert line(trained("1", "+-", "??", "++")).seeds == [0.5, 1.0]


def test_the_length_of_answers_is_their_mean_number_of_words_over_all_trainings() -> None:
    assert line(trained("1", "+-", "++")).words == 5
    assert line(trained("1", status="FAILED")).words is None


def test_an_arm_that_did_not_finish_has_no_numbers_even_where_some_were_tracked() -> None:
    arm = line(trained("1", status="FAILED", metrics={"accuracy": 0.9, "ungraded": 3.0, "seconds/tune": 7.0}))
    assert (arm.status, arm.accuracy, arm.budget, arm.ungraded, arm.costs) == ("FAILED", None, None, 0, {})


def test_the_budget_is_read_from_the_settings_and_a_baseline_has_none() -> None:
    budget = line(trained("1", "+")).budget
    assert budget
    assert (budget.labels, budget.tokens, budget.steps) == (150, 3000, 40)
    assert line(untrained("base", "+")).budget is None


COSTS = {"seconds/tune": 7.0, "cost/label/usd": 0.5}


def test_numbers_that_other_metrics_tracked_are_taken_over() -> None:
    near = {"near": 2.0, **{f"accuracy_without_near{end}": 0.4 for end in ("", "_low", "_high")}}
    arm = line(trained("1", "+", metrics={**near, "spread/training": 0.02, "spread/exam": 0.05, **COSTS}))
    assert (arm.near, arm.without_near and arm.without_near.estimate, arm.costs) == (2, 0.4, COSTS)
    assert arm.spread
    assert (arm.spread.training, arm.spread.exam) == (0.02, 0.05)


def test_coverage_counts_facts_by_category_and_one_that_is_right_once_is_answered() -> None:
    facts = [
        {"fact": "a", "category": "men", "labels": 2},
        {"fact": "b", "category": "men", "labels": 0},
        {"fact": "c", "category": "women", "labels": 1},
    ]
    metrics = {"coverage/labelled": 2.0, "coverage/examined": 3.0, "coverage/answered": 2.0}
    coverage = line(trained("1", "+---", "+-+-", facts="aabc", covered=facts, metrics=metrics)).coverage
    assert coverage
    assert (coverage.listed, coverage.kept, coverage.labelled, coverage.examined) == (None, None, 2, 3)
    assert coverage.categories == {
        "men": Reach(examined=2, labelled=1, answered=2),
        "women": Reach(examined=1, labelled=1, answered=0),
    }


def test_what_retrieval_was_given_is_read_from_its_numbers() -> None:
    metrics = {"retrieval/held": 2.0, "retrieval/asked": 3.0, "retrieval/recall_at_1": 0.5, "retrieval/recall_at_1/cup": 1.0}
    arm = line(untrained("rag", "+", metrics=metrics))
    assert (arm.holding, arm.recall) == ((2, 3), {1: 0.5})
    assert (line(untrained("base", "+")).holding, line(untrained("base", "+")).recall) == (None, {})


def test_a_baseline_has_no_coverage() -> None:
    assert line(untrained("base", "+", metrics={"coverage/examined": 3.0, "coverage/answered": 1.0})).coverage is None


def test_a_decided_loss_of_general_questions_is_called_worse() -> None:
    metrics = {**GENERAL, "retention/known": 12.0, "retention/lost": 10.0, "retention/gained": 0.0}
    retention = line(trained("1", "+", metrics=metrics, general=general("+" * 12, "++" + "-" * 10))).retention
    assert retention
    assert (retention.verdict, retention.difference.p) == (Verdict.WORSE, pytest.approx(2 / 2**10))
    assert (retention.difference.estimate, retention.kept) == (pytest.approx(-10 / 12), pytest.approx(2 / 12))


def test_a_loss_that_chance_would_bring_is_not_decided() -> None:
    metrics = {**GENERAL, "retention/known": 3.0, "retention/lost": 2.0, "retention/gained": 1.0}
    retention = line(trained("1", "+", metrics=metrics, general=general("+++-", "+--+"))).retention
    assert retention
    assert (retention.verdict, retention.difference.estimate) == (Verdict.UNDECIDED, -0.25)


def test_a_mean_loss_just_above_what_the_gate_allows_fails_it() -> None:
    metrics = {**GENERAL, "retention/known": 70.0, "retention/lost": 43 / 3, "retention/gained": 0.0, "retention/floor": 0.8}
    retention = line(trained("1", "+", metrics=metrics, general=general("+-", "--"))).retention
    assert retention
    assert (retention.passed, retention.kept < 0.8) == (False, True)


@pytest.mark.parametrize("lost", [7, 13, 14, 28])
def test_an_arm_that_keeps_exactly_its_floor_passes_the_gate(lost: int) -> None:
    floor = {"retention/floor": round(1 - lost / 100, 2)}  # 0.93 is more than 1 - 0.07, as numbers of a computer go
    metrics = {**GENERAL, "retention/known": 100.0, "retention/lost": float(lost), "retention/gained": 0.0, **floor}
    retention = line(trained("1", "+", metrics=metrics, general=general("+-", "--"))).retention
    assert retention
    assert retention.passed


def test_what_was_kept_of_each_kind_is_read_from_its_numbers() -> None:
    kinds = {"retention/known/knowledge": 2.0, "retention/kept/knowledge": 0.5, "retention/known/passages": 0.0}
    metrics = {**GENERAL, "retention/known": 2.0, "retention/lost": 1.0, "retention/gained": 0.0, **kinds}
    retention = line(trained("1", "+", metrics=metrics, general=general("++", "+-"))).retention
    assert retention
    assert retention.kinds == {"knowledge": (2, 0.5), "passages": (0, 1.0)}


def test_an_arm_that_was_asked_no_general_questions_has_no_retention() -> None:
    assert line(trained("1", "+")).retention is None
