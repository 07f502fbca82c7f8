"""Accuracy is passed over graded, overall and per category, and what is ungraded is neither."""

import pytest

from runner.metric.accuracy import Accuracy
from runner.records import Grade, Question
from tests.given import question

QUESTIONS = [question("a", category="one"), question("b", category="one"), question("c", category="two")]


def measured(*passed: bool | None, questions: list[Question] = QUESTIONS) -> dict[str, float]:
    """The numbers of these grades, in the order of the questions."""
    grades = [Grade(question=of.id, passed=verdict) for of, verdict in zip(questions, passed, strict=True)]
    return Accuracy().measure(questions, grades)


def test_accuracy_is_the_share_that_passed_overall_and_by_category():
    numbers = measured(True, False, True)
    assert numbers["accuracy"] == pytest.approx(2 / 3)
    assert (numbers["accuracy/one"], numbers["accuracy/two"]) == (0.5, 1)


def test_questions_are_counted_overall_and_by_category():
    numbers = measured(True, False, True)
    assert (numbers["questions"], numbers["questions/one"], numbers["questions/two"]) == (3, 2, 1)


def test_an_ungraded_answer_is_neither_pass_nor_fail():
    numbers = measured(True, None, False)
    assert (numbers["accuracy"], numbers["accuracy/one"], numbers["ungraded"]) == (0.5, 1, 1)


def test_a_category_that_is_ungraded_has_no_accuracy():
    numbers = measured(True, True, None)
    assert "accuracy/two" not in numbers
    assert numbers["questions/two"] == 1


def test_where_nothing_was_graded_there_is_no_accuracy():
    numbers = measured(None, None, None)
    assert "accuracy" not in numbers
    assert numbers["ungraded"] == 3


def test_the_order_of_the_grades_does_not_count():
    grades = [Grade(question="c", passed=False), Grade(question="a", passed=True), Grade(question="b", passed=True)]
    assert Accuracy().measure(QUESTIONS, grades)["accuracy/one"] == 1
