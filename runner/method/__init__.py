"""The contract of a labelling method: documents in, question/answer pairs out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Labelling, Material
from runner.model import Model


@runtime_checkable
class Method(Protocol):
    """A labelling method. A class must have `label`; `asks` and `questions` are optional.

    `asks` is False for a method that never sends a request to the teacher. The teacher is then left out of the hash
    under which the labels are kept, so that the same labels are found again with every teacher.
    `questions` is False for a method with labels that are plain texts, with an empty question.
    A method that can be forecast also has `guesses` (see `runner.data.guesses.Forecastable`).
    """

    # The build step sets these values on a class that does not name them.
    asks: bool = True
    questions: bool = True

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write labels for the sections of a corpus.

        `scale` is how many labels each unit (a section or a fact) gets, in multiples that the method defines. The labels
        of a smaller scale must be contained in those of a larger one. Return the labels, their ledgers (requested = kept
        + filtered + failed) and the number of units that got fewer labels than asked for.
        Raise a Fault if the corpus lacks what the method needs. A Fault of the teacher passes through.
        """


@runtime_checkable
class Composed(Protocol):
    """A method that sends the requests of other methods."""

    @property
    def parts(self) -> Sequence[object]:
        """Return these methods. No two jobs send their requests at once."""
