"""Grades by training and question, and the numbers of facts."""

import numpy as np

from runner.statistics import Grades, numbered


def test_an_ungraded_answer_is_no_number() -> None:
    values = Grades.of([[1, None], [0, 0.5]]).values
    assert (values[0, 0], values[1, 1], np.isnan(values[0, 1])) == (1, 0.5, True)


def test_some_questions_are_kept_in_their_order() -> None:
    kept = Grades.of([[1, 0, 0.5]], trained=False).of_questions(np.array([True, False, True]))
    assert ([*kept.values[0]], kept.trained) == ([1, 0.5], False)


def test_questions_of_one_fact_have_its_number_and_those_without_a_fact_one_of_their_own() -> None:
    assert [*numbered(["a", "", "b", "a", ""])] == [0, 1, 2, 0, 3]
