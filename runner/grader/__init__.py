"""A grader turns answers to pass or fail."""

from collections.abc import Sequence
from typing import Protocol

from runner.data.records import Answer, Grade, Question
from runner.model import Model


class Grader(Protocol):
    """One way of grading."""

    asks: bool  # whether it needs a judge

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """One grade for each question, in their order."""
