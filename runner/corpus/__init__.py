"""The contract of a corpus: documents, and what people wrote for them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Material
from runner.data.reviews import Review


@runtime_checkable
class Corpus(Protocol):
    """Documents, and what people wrote for them. A class must have `name` and `read`.

    A corpus that reads files should also have `state() -> str`, a digest of everything that `read` reads. See
    `runner.component.identity`.
    """

    @property
    def name(self) -> str:
        """Name of the corpus in tables and in messages; the MLflow experiment has this name too."""

    def read(self) -> Material:
        """Read and check everything that the corpus holds.

        Return sections and, where the corpus has them, exam questions, labels, grades and a purpose. The group `exam` decides
        what is done without questions.
        Raise a Fault that names file and line if something cannot be used.
        """


@runtime_checkable
class ReadsSections(Protocol):
    """A corpus whose sections can be read without its exam."""

    def read_sections(self) -> Material:
        """Return the sections, with notes and remarks; without questions."""


@runtime_checkable
class HasReviews(Protocol):
    """A corpus with reviews by people."""

    def read_reviews(self) -> Sequence[Review]:
        """Return the reviews, in their order."""


@runtime_checkable
class InFolder(Protocol):
    """A corpus in a folder of this machine."""

    @property
    def path(self) -> str:
        """Return the folder."""


class Readings(Protocol):
    """Texts that were read of files, by their keys."""

    def find(self, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield those of some keys that are there."""

    def keep(self, readings: Mapping[str, str]) -> None:
        """Keep some for later commands, if possible."""
