"""The exam that would show the margin, for a pair that is not decided."""

from dataclasses import replace

import pytest

from runner.comparison import Arm, Comparison
from runner.comparison.larger_exam import LargerExam
from runner.statistics.suppositions import DEFAULTS, Suppositions
from tests.comparison.given import asked, baseline, empty, pair, tuned

RAG, ARM, OTHER = baseline("rag", 0.5), replace(tuned("fact", "5x", 0.5), seeds=()), tuned("fact", "10x", 0.5)
BETWEEN = "5 points (margin=5) between rag and fact 5x"


def planned(*arms: Arm, spread: float = 0.02, accuracy: float = 0.5, error: float = 0.05) -> LargerExam:
    """The exam for the first two arms, which were tested at an error."""
    between = pair(arms[0].name, arms[1].name, 0.01)
    between = replace(between, difference=replace(between.difference, error=error))
    return LargerExam.of(_comparison(arms, replace(DEFAULTS, spread=spread, accuracy=accuracy)), between)


def _comparison(arms: tuple[Arm, ...], supposed: Suppositions) -> Comparison:
    return replace(empty(), arms=arms, questions=90, facts=30, items=asked(30, 3), supposed=supposed)


def test_facts_and_questions_have_two_digits_and_pair_trainings_and_error_are_named() -> None:
    exam = planned(RAG, ARM)
    assert exam.sentence() == "To tell rag from fact 5x by 5 points (margin=5), ask about 670 facts (2,000 questions)."
    assert exam.basis() == (
        "planned as by power=true, from the arms of this report, for 1 training, an error of 5%, four of five cases; this exam "
        "has 30 facts (90 questions)"
    )


def test_a_pair_that_was_corrected_for_others_needs_more_facts() -> None:
    alone, corrected = planned(RAG, ARM), planned(RAG, ARM, error=0.05 / 4)
    assert (alone.design.tests, corrected.design.tests) == (1, 4)
    assert (alone.facts or 0) * 1.3 < (corrected.facts or 0)
    assert "for 1 training, an error of 1.25%, four of five cases" in corrected.basis()


def test_the_arm_with_the_fewest_trainings_counts_and_a_baseline_is_not_trained() -> None:
    thrice, often = replace(ARM, seeds=(0.5,) * 3), replace(OTHER, seeds=(0.5,) * 8)
    assert [(exam.design.trainings, exam.design.baseline) for exam in (planned(thrice, often), planned(RAG, often))] == [
        (3, False),
        (8, True),
    ]


def test_where_no_number_of_questions_is_enough_more_trainings_are_advised() -> None:
    sentence = planned(RAG, replace(ARM, seeds=(0.5,) * 3), spread=0.03).sentence()
    assert sentence.startswith("To decide more, train more often and ask about ")
    assert sentence.endswith(
        f"with seeds=6. With 3 trainings, no number of questions is enough to show {BETWEEN}: trainings differ too much."
    )


def test_trainings_that_differ_too_much_for_any_number_of_them_are_said_to() -> None:
    sentence = planned(RAG, replace(ARM, seeds=(0.5,) * 3), spread=0.3).sentence()
    assert sentence.startswith("To decide more, more trainings are needed. With 3 trainings, no number of questions")


@pytest.mark.parametrize("accuracy", [0.02, 0.98])
def test_a_margin_that_the_accuracy_does_not_allow_is_said_to_be_impossible(accuracy: float) -> None:
    assert planned(RAG, ARM, accuracy=accuracy).sentence() == (
        f"To decide more, set a smaller margin: at an average accuracy of {100 * accuracy:.1f}%, two arms differ by at most 4.0 "
        f"points, and no exam shows {BETWEEN}."
    )
