"""The difference that an exam will show, before any arm takes it."""

from dataclasses import replace

import numpy as np
import pytest

from runner.statistics import Grades, contrast
from runner.statistics.called import FactSizes
from runner.statistics.design import Design
from runner.statistics.suppositions import DEFAULTS

SIZES = FactSizes.of(np.full(30, 3))
ONCE, THRICE = Design(DEFAULTS, SIZES), Design(DEFAULTS, SIZES, 3)


def least(design: Design, error: float = 0.05) -> float:
    """The smallest difference that is foretold."""
    foretold = design.detectable(error)
    assert foretold is not None
    return foretold


@pytest.mark.parametrize(
    "easier",
    [
        replace(ONCE, sizes=SIZES.times(2)),
        replace(ONCE, sizes=SIZES.times(questions=2)),
        replace(ONCE, supposed=replace(DEFAULTS, accuracy=0.9)),
        replace(ONCE, supposed=replace(DEFAULTS, arms_agree=0.5)),
        replace(ONCE, supposed=replace(DEFAULTS, questions_agree=0.0)),
    ],
    ids=["more facts", "more questions", "an accuracy near 1", "arms that agree", "questions that are unrelated"],
)
def test_an_exam_sees_smaller_differences(easier: Design) -> None:
    assert least(easier) < least(ONCE)


def test_more_facts_help_more_than_more_questions_on_the_same_facts() -> None:
    assert least(replace(ONCE, sizes=SIZES.times(2))) < least(replace(ONCE, sizes=SIZES.times(questions=2)))


def test_one_pair_among_several_needs_a_larger_difference() -> None:
    assert least(replace(ONCE, tests=6)) == least(ONCE, 0.05 / 6) > least(ONCE)


def test_more_arms_tell_better_how_much_trainings_differ_so_one_pair_among_several_needs_less() -> None:
    assert least(replace(THRICE, tests=6, arms=4)) < least(replace(THRICE, tests=6))


def test_trainings_that_differ_hide_a_difference_of_methods_and_not_of_models() -> None:
    apart = replace(DEFAULTS, spread=0.08)
    assert least(replace(THRICE, supposed=apart)) > least(THRICE)
    assert least(replace(ONCE, supposed=apart)) == least(ONCE)


def test_two_trainings_see_less_than_five() -> None:
    assert least(replace(THRICE, trainings=2)) > least(replace(THRICE, trainings=5))


@pytest.mark.parametrize(("facts", "questions"), [(4, 3), (5, 25), (5, 1)])
def test_too_few_facts_see_nothing(facts: int, questions: int) -> None:
    assert Design(DEFAULTS, FactSizes.of(np.full(facts, questions))).detectable(0.05) is None


def test_a_difference_that_the_accuracy_does_not_allow_is_never_foretold() -> None:
    few = replace(ONCE, supposed=replace(DEFAULTS, accuracy=0.9), sizes=FactSizes.of(np.full(8, 3)))
    assert few.detectable(0.05) is None
    assert (few.facts_needed(0.21, 0.05), replace(few, trainings=3).trainings_needed(0.21, 0.05)) == (None, None)
    assert few.facts_needed(0.2, 0.05) is not None  # from 80% to 100%


def test_as_many_facts_as_are_needed_see_the_difference() -> None:
    facts = ONCE.facts_needed(0.1, 0.05)
    assert facts is not None
    assert least(ONCE.with_facts(facts)) == pytest.approx(0.1, abs=0.002)
    assert ONCE.with_facts(500).facts_needed(0.1, 0.05) == facts  # whatever the exam has


def test_no_verdict_needs_fewer_facts_than_a_verdict_needs() -> None:
    assert ONCE.facts_needed(0.99, 0.05) == SIZES.enough(0.99 * SIZES.mean)


def test_no_number_of_facts_helps_where_trainings_differ_too_much() -> None:
    assert replace(THRICE, supposed=replace(DEFAULTS, spread=0.1)).facts_needed(0.05, 0.05) is None


def test_as_many_trainings_as_are_needed_see_the_difference() -> None:
    trainings = THRICE.trainings_needed(0.2, 0.05)
    assert trainings is not None
    assert least(replace(THRICE, trainings=trainings)) <= 0.2 < least(replace(THRICE, trainings=trainings - 1))


def test_no_number_of_trainings_helps_where_facts_are_too_few() -> None:
    assert THRICE.trainings_needed(0.05, 0.05) is None


@pytest.mark.parametrize(("trainings", "baseline"), [(1, False), (3, False), (3, True)])
def test_the_engine_calls_the_foretold_difference_four_times_in_five(trainings: int, baseline: bool) -> None:
    random, facts = np.random.default_rng(0), np.arange(30).repeat(3)
    supposed = replace(DEFAULTS, arms_agree=0.0, trainings_agree=0.0, questions_agree=0.3, spread=0.04)
    gain, called = least(Design(supposed, SIZES, trainings, baseline)), 0
    for _ in range(200):
        arms = []
        for mean, count in ((0.5 - gain / 2, 1 if baseline else trainings), (0.5 + gain / 2, trainings)):
            accuracies = random.normal(mean, 0.04 if count > 1 else 0, (count, 1))
            fates, own = random.random((count, 30))[:, facts], random.random((count, 90))
            arms.append((np.where(random.random((count, 90)) < np.sqrt(0.3), fates, own) < accuracies).astype(float))
        pair = contrast(Grades(arms[0], not baseline), Grades(arms[1]), facts)
        assert pair
        called += pair.estimate > 0 and pair.p <= 0.05
    assert 0.72 < called / 200 < 0.88
