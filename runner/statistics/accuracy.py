"""Compute an exam's accuracies from its graded answers.

The metric `accuracy` and the comparison of arms both call these functions, so that they agree to the digit.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from runner.statistics import Interval, interval


class GradedAnswer(NamedTuple):
    """Verdict on an answer, with the answer's groups.

    `cluster` names the question's fact, or the question itself if it names no fact. `training` counts from 1.
    """

    passed: bool | None  # None if the grader gave no readable verdict
    cluster: str
    category: str
    training: int


def accuracy(answers: Sequence[GradedAnswer], error: float) -> Interval | None:
    """Estimate the accuracy over all answers; None without a grade."""
    # All trainings are pooled. Their answers to one question share its cluster, so a repeated training adds little certainty.
    passed, clusters = [answer.passed for answer in answers], [answer.cluster for answer in answers]
    return interval(passed, clusters, error, [answer.training for answer in answers])


def accuracy_by_category(answers: Sequence[GradedAnswer], error: float) -> dict[str, Interval]:
    """Estimate the accuracy of each category, sorted by name.

    A category without a graded answer is left out.
    """
    groups: dict[str, list[GradedAnswer]] = {}
    for answer in answers:
        groups.setdefault(answer.category, []).append(answer)
    estimates = {category: accuracy(group, error) for category, group in sorted(groups.items())}
    return {category: estimate for category, estimate in estimates.items() if estimate}


def accuracy_by_training(answers: Sequence[GradedAnswer]) -> list[float | None]:
    """Compute each training's accuracy, in the order of trainings.

    The accuracy of a training without a graded answer is None. It is not 0: nothing is known of it.
    """
    # Every training has a group, graded or not, so that a training that failed to be graded is not lost.
    groups: dict[int, list[bool]] = {answer.training: [] for answer in answers}
    for answer in answers:
        if answer.passed is not None:
            groups[answer.training].append(answer.passed)
    return [fmean(verdicts) if verdicts else None for _, verdicts in sorted(groups.items())]
