"""Suppositions about arms, from the grades of arms that took the exam."""

from dataclasses import replace

import numpy as np
import pytest

from runner.statistics import Grades
from runner.statistics.suppositions import DEFAULTS, estimated

FACTS = np.arange(400).repeat(3)


def sit(random: np.random.Generator, trainings: int, accuracy: float, spread: float = 0.0) -> Grades:
    """Draw an arm: a third of the questions take their fact's draw; half of a training's draws are its arm's."""
    goes = random.random(len(FACTS)) < np.sqrt(1 / 3)
    of_arm, of_fact = random.random(len(FACTS)), random.random(400)[FACTS]
    rows = []
    for _ in range(trainings):
        shared = random.random(len(FACTS)) < np.sqrt(0.5)
        drawn = np.where(shared, of_arm, random.random(len(FACTS)))
        fates = np.where((random.random(400) < np.sqrt(0.5))[FACTS], of_fact, random.random(400)[FACTS])
        rows.append(np.where(goes, fates, drawn) < accuracy + random.normal(0, spread))
    return Grades(np.array(rows, dtype=float))


def test_what_arms_show_is_estimated() -> None:
    random = np.random.default_rng(0)
    supposed, repeated = estimated([sit(random, 8, 0.6, 0.05), sit(random, 8, 0.6, 0.05)], FACTS)
    assert repeated
    assert supposed.accuracy == pytest.approx(0.6, abs=0.05)
    assert supposed.arms_agree < 0.1
    assert supposed.trainings_agree == pytest.approx(0.5, abs=0.1)
    assert supposed.spread == pytest.approx(0.05, abs=0.02)


def test_arms_that_are_graded_alike_agree_and_no_more_than_trainings_of_one() -> None:
    grades = sit(np.random.default_rng(0), 1, 0.5)
    supposed, _ = estimated([grades, grades], FACTS)
    assert supposed.arms_agree == DEFAULTS.trainings_agree


def test_questions_of_a_fact_that_move_together_are_correlated() -> None:
    random = np.random.default_rng(0)
    whole = [Grades((random.random(400) < 0.5).astype(float)[None, FACTS]) for _ in range(2)]
    single = [Grades((random.random(1200) < 0.5).astype(float)[None]) for _ in range(2)]
    assert estimated(whole, FACTS)[0].questions_agree == pytest.approx(1, abs=0.01)
    assert estimated(single, FACTS)[0].questions_agree < 0.06


def test_arms_that_were_trained_once_keep_the_defaults_of_trainings() -> None:
    random = np.random.default_rng(0)
    supposed, repeated = estimated([sit(random, 1, 0.5), sit(random, 1, 0.5)], FACTS)
    assert (repeated, supposed.trainings_agree, supposed.spread) == (False, DEFAULTS.trainings_agree, DEFAULTS.spread)


def test_a_single_arm_shows_its_accuracy_alone() -> None:
    supposed, _ = estimated([Grades(np.array([[1.0, 0, 0, 0]]))], np.arange(4))
    assert (supposed.accuracy, supposed.arms_agree, supposed.questions_agree) == (0.25, 0.1, 0.2)


def test_a_baseline_does_not_decide_the_accuracy() -> None:
    tuned, base = Grades(np.ones((1, 4)) / 2), Grades(np.zeros((1, 4)), trained=False)
    assert estimated([base, tuned], np.arange(4))[0].accuracy == 0.5


@pytest.mark.parametrize(("grade", "accuracy"), [(0.0, 0.125), (1.0, 0.875)])
def test_an_arm_that_is_always_wrong_or_right_is_not_taken_to_be_so_for_ever(grade: float, accuracy: float) -> None:
    assert estimated([Grades(np.full((1, 4), grade))] * 2, np.arange(4))[0].accuracy == accuracy


def test_questions_that_were_not_graded_are_left_out() -> None:
    first, second = np.array([[1.0, 0, np.nan, 1]]), np.array([[1.0, np.nan, 0, 0]])
    supposed, _ = estimated([Grades(first), Grades(second)], np.array([0, 0, 1, 1]))
    assert supposed.accuracy == pytest.approx(0.5)


def test_equal_accuracies_differ_on_half_of_the_questions_by_chance() -> None:
    assert (DEFAULTS.unlike(0), DEFAULTS.unlike(1)) == (0.5, 0)


def test_arms_lie_evenly_about_the_accuracy_within_0_and_1() -> None:
    low, high = DEFAULTS.accuracies(np.array([0.2, 1.0]))
    assert (low.tolist(), high.tolist()) == (pytest.approx([0.4, 0.0]), pytest.approx([0.6, 1.0]))


@pytest.mark.parametrize(("accuracy", "largest"), [(0.5, 1.0), (0.9, 0.2), (0.1, 0.2), (0.007, 0.014)])
def test_the_mean_accuracy_bounds_the_difference_of_two_arms(accuracy: float, largest: float) -> None:
    assert replace(DEFAULTS, accuracy=accuracy).largest == pytest.approx(largest)
