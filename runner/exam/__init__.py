"""The contract of an exam: a corpus in, held-out questions out."""

from typing import Protocol, runtime_checkable

from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.model import Model


@runtime_checkable
class Filed(Protocol):
    """An exam whose questions are also written to files."""

    @property
    def folder(self) -> str:
        """Folder for them; each exam gets one of its own below it."""


@runtime_checkable
class Planned(Protocol):
    """An exam whose size is known before it is written."""

    def planned(self, material: Material) -> ExamSet:
        """Return stand-ins for the questions. Forecasts and checks before the exam is written use them."""


@runtime_checkable
class ExamSource(Protocol):
    """A source of an exam. A class must have `write`; `asks` is optional.

    `asks` is False for an exam that never sends a request to the examiner. It is then made each time, and not kept.
    An exam that can be forecast also has `planned`, and `guesses` (see `runner.data.guesses.Forecastable`).
    """

    # The build step sets this value on a class that does not name it.
    asks: bool = True

    def write(self, material: Material, examiner: Model) -> ExamSet:
        """Return the exam of a corpus.

        `material.questions` are the corpus's own, if it has some. Each question has an id of its own. Raise a Fault if there is
        no exam, or if none can be made. A Fault of the examiner passes through.
        """
