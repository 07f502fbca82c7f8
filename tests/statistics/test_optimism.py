"""The best of several arms looks better than it is, by as much as simulated exams show."""

import numpy as np
import pytest

from runner.statistics.optimism import optimism

FACTS, QUESTIONS = 30, 3
CLUSTERS = [str(fact) for fact in range(FACTS) for _ in range(QUESTIONS)]


def exam(arms: int, random: np.random.Generator) -> np.ndarray:
    """Grades of arms that are all right on half of the questions; those of a fact go together."""
    own, together = random.random((arms, FACTS, QUESTIONS)), random.random((arms, FACTS, 1))
    shared = random.random((arms, FACTS, QUESTIONS)) < 0.5
    return (np.where(shared, together, own) < 0.5).astype(float).reshape(arms, -1)


@pytest.mark.parametrize("arms", [2, 4, 8])
def test_the_estimate_is_what_simulated_exams_of_equal_arms_show(arms: int) -> None:
    random = np.random.default_rng(1)
    exams = [exam(arms, random) for _ in range(400)]
    seen = np.mean([grades.mean(1).max() - 0.5 for grades in exams])
    estimated = np.mean([optimism(list(grades), CLUSTERS) for grades in exams[:20]])
    assert estimated == pytest.approx(seen, abs=0.01)


def test_arms_that_answer_alike_and_a_single_arm_have_no_choice_to_be_wrong_about() -> None:
    grades = exam(1, np.random.default_rng(2))[0]
    assert optimism([grades], CLUSTERS) == 0
    assert optimism([grades, grades, grades], CLUSTERS) == pytest.approx(0, abs=0.001)


def test_one_fact_shows_nothing_and_the_result_is_the_same_each_time() -> None:
    assert optimism([[1, 0], [0, 1]], ["a", "a"]) == 0
    grades = list(exam(4, np.random.default_rng(3)))
    assert optimism(grades, CLUSTERS) == optimism(grades, CLUSTERS)
