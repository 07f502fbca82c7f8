"""The contract of a grader: answers in, pass or fail out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Answer, Grade, Question
from runner.model import Model


@runtime_checkable
class Grader(Protocol):
    """A grader of exam answers. A class must have `grade`; `asks` is optional.

    `asks` is False for a grader that never sends a request to the judge. The judge is then left out of the hash
    under which the grades are kept.
    A grader that can be forecast also has `guesses` (see `runner.data.guesses.Forecastable`).
    """

    # The build step sets this value on a class that does not name it.
    asks: bool = True

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade one answer for each question.

        Each question has exactly one answer, matched by the question's id; the answers may stand in any order.
        Return one grade for each question, in the order of the questions. `Grade.passed` is None if the answer could
        not be graded. A Fault of the judge passes through.
        """


@runtime_checkable
class AsksSometimes(Protocol):
    """A grader that asks the judge about some answers only."""

    def ask_always(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade, but ask the judge about every answer.

        A forecast uses it for answers that are not there yet, since nobody knows which of them will be asked about.
        """


@runtime_checkable
class HasFloor(Protocol):
    """A grader with a least agreement with people."""

    @property
    def floor(self) -> float | None:
        """The least share of verdicts that are those of people; None for any."""


@runtime_checkable
class TellsUnread(Protocol):
    """A grader whose judge may give no readable verdict."""

    def unread(self, grades: Sequence[Grade]) -> str:
        """Say how many grades are missing, if any, and why."""
