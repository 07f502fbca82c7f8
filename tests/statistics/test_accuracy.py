"""Accuracies over all graded answers, by category and by training."""

import pytest

from runner.statistics import interval
from runner.statistics.accuracy import GradedAnswer, accuracy, accuracy_by_category, accuracy_by_training

GRADES = {"+": True, "-": False, "?": None}


def answers(*trainings: str, clusters: str, categories: str) -> list[GradedAnswer]:
    """Answers of each training; a letter for each question.

    The letters are grades, clusters and categories.
    """
    return [
        GradedAnswer(passed=GRADES[grade], cluster=cluster, category=category, training=training)
        for training, grades in enumerate(trainings, start=1)
        for grade, cluster, category in zip(grades, clusters, categories, strict=True)
    ]


def test_the_accuracy_pools_the_graded_answers_of_all_trainings() -> None:
    pooled = accuracy(answers("++-?", "+---", clusters="aabb", categories="xxyy"), 0.05)
    passed, trainings = [True, True, False, True, False, False, False], [1, 1, 1, 2, 2, 2, 2]
    assert pooled == interval(passed, list("aabaabb"), 0.05, trainings)
    assert pooled is not None
    assert pooled.estimate == pytest.approx(3 / 7)


def test_each_category_has_the_accuracy_of_its_own_answers_in_the_order_of_names() -> None:
    by_category = accuracy_by_category(answers("+--", clusters="abc", categories="yxx"), 0.1)
    assert list(by_category) == ["x", "y"]
    assert by_category == {"x": interval([False, False], ["b", "c"], 0.1), "y": interval([True], ["a"], 0.1)}


def test_a_category_without_a_graded_answer_is_left_out() -> None:
    assert list(accuracy_by_category(answers("+?", clusters="ab", categories="xy"), 0.05)) == ["x"]


def test_each_training_has_its_accuracy_and_one_without_a_grade_has_none() -> None:
    assert accuracy_by_training(answers("+-", "??", "++", clusters="ab", categories="xx")) == [0.5, None, 1.0]


def test_trainings_are_in_order_whatever_the_order_of_the_answers() -> None:
    assert accuracy_by_training(answers("+-", "++", clusters="ab", categories="xx")[::-1]) == [0.5, 1.0]


def test_no_answers_have_no_accuracy() -> None:
    assert (accuracy([], 0.05), accuracy_by_category([], 0.05), accuracy_by_training([])) == (None, {}, [])
