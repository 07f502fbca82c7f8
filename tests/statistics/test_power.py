"""The smallest difference that an exam detects."""

import numpy as np
import pytest

from runner.statistics.doubt import Doubt, between_trainings, over_facts, pooled, totals
from runner.statistics.power import Array, Exam
from runner.statistics.sign_flips import chance

FACTS = np.arange(30).repeat(3)
NONE = (np.array(0.0), np.array(0.0)), (np.array(0.0), np.array(0.0))


def seen(first: list[float], second: list[float], facts: Array | None = None, error: float = 0.05, times: float = 1) -> float:
    """The smallest difference that one training each detects."""
    numbers = np.arange(len(first)) if facts is None else facts
    return float(Exam(np.array(first), np.array(second), numbers, (1, 1), *NONE).detectable(error, times))


def test_a_larger_exam_can_see_less() -> None:
    grades = [0.0, 1, 0, 1, 1, 0, 1, 0, 0, 1], [1.0, 0, 0, 1, 0, 1, 1, 0, 1, 0]
    sizes = [seen(grades[0] * scale, grades[1] * scale) for scale in (2, 4, 16)]
    assert 1 > sizes[0] > sizes[1] > sizes[2] > 0


def test_a_hypothetical_larger_exam_sees_what_a_real_one_sees() -> None:
    grades = [0.0, 1, 0, 1, 1, 0, 1, 0, 0, 1] * 4, [1.0, 0, 0, 1, 0, 1, 1, 0, 1, 0] * 4
    assert seen(*grades, times=4) == pytest.approx(seen(grades[0] * 4, grades[1] * 4), abs=0.003)


def test_arms_that_differ_on_fewer_questions_need_a_smaller_difference_to_tell() -> None:
    same, unlike = [0.0, 1.0] * 40, [0.0, 0.0, 1.0, 1.0] * 20
    assert seen(same, same) < seen(same, unlike)


def test_questions_that_go_together_see_only_larger_differences() -> None:
    whole, mixed = [1.0, 1, 1, 0, 0, 0] * 15, [1.0, 0, 1, 0, 1, 0] * 15
    moved = [0.0, 0, 0, 1, 1, 1] * 15, [0.0, 1, 0, 1, 0, 1] * 15
    assert seen(whole, moved[0], FACTS) > seen(mixed, moved[1], FACTS)


def test_a_smaller_error_needs_a_larger_difference() -> None:
    grades = [0.0, 1, 0, 1] * 10, [1.0, 0, 0, 1] * 10
    assert seen(*grades, error=0.005) > seen(*grades)


def test_an_exam_of_five_facts_can_see_nothing() -> None:
    assert np.isnan(seen([0.0, 1, 0, 1, 0], [1.0, 1, 0, 1, 1]))


def test_facts_of_one_question_need_six_that_move_one_way() -> None:
    # The expected number of moved facts must be so large that six or more move in four of five cases.
    assert seen([0.0] * 300, [0.0] * 300) == pytest.approx(7.9 / 300, rel=0.03)


def sit(random: np.random.Generator, accuracies: Array) -> Array:
    """Draw the grades of trainings: exams, trainings, questions. A third of the questions take their fact's draw."""
    shape = *accuracies.shape, len(FACTS)
    fates, own = random.random((*accuracies.shape, 30))[..., FACTS], random.random(shape)
    return (np.where(random.random(shape) < 0.3, fates, own) < accuracies[..., None]).astype(float)


def exams(random: np.random.Generator, gain: float) -> tuple[Array, Array, Doubt, Array, Array]:
    """A baseline at 40% and a method that is better, trained three times with 5 points between trainings, on 400 exams."""
    base, tuned = sit(random, np.full((400, 1), 0.4)), sit(random, random.normal(0.4 + gain, 0.05, (400, 3)))
    sums = totals(tuned, FACTS)
    between, noise = (part / 3 for part in between_trainings(sums, np.full(sums.shape, 3.0)))
    moved = sums.mean(1) - totals(base[:, 0], FACTS)
    doubt = Doubt(*over_facts(moved, np.full(30, 3)), 30, *pooled([between], [2]))
    return base[:, 0], tuned.mean(1), doubt, noise, moved


def test_the_difference_that_is_claimed_is_called_four_times_in_five_with_repeated_trainings() -> None:
    random = np.random.default_rng(0)
    (first, second, doubt, noise, _), none = exams(random, 0.2), np.zeros(400)
    claims = Exam(first, second, FACTS, (1, 3), (none, doubt.training), (none, noise)).detectable(0.05)
    _, _, doubt, _, moved = exams(random, float(np.median(claims)))
    called = (doubt.middle > doubt.reach(0.05)) & np.array([chance(np.rint(3 * sums)) <= 0.05 for sums in moved])
    assert 0.72 < called.mean() < 0.88
