"""Questions and labels in, the ids of alike questions out."""

from collections.abc import Sequence

from runner.data.records import Label, Question
from runner.exam_checks.near_duplicates import nearest


def like_a_label(questions: Sequence[Question], labels: Sequence[Label], near: float) -> set[str]:
    """Return the ids of questions that resemble a label's question.

    `near` is the least similarity, from 0 to 1.
    """
    return {pair.question for pair in nearest(labels, questions, near)}
