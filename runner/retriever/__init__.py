"""The contract of a retriever: questions in, passages of the corpus out."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from runner.data.records import Passage, Section


@runtime_checkable
class Retriever(Protocol):
    """A search over the sections of a corpus. A class must have `find`."""

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find the passages that help to answer each question.

        Return one tuple for each question, in the order of the questions, with the best passage first.
        Raise a Fault if a package or model that the search needs is not installed.
        """


@runtime_checkable
class CheckedRetriever(Protocol):
    """A retriever that is checked before any work."""

    def check(self) -> None:
        """Raise a Fault if the search can't be made."""


@runtime_checkable
class Indexed(Protocol):
    """A retriever with an index that is kept.

    What is found for a question must not depend on the other questions: it is kept too, and only new questions are searched.
    """

    @property
    def passages(self) -> int:
        """Number of passages in a prompt."""

    def cut(self, sections: Sequence[Section]) -> Iterable[Passage]:
        """Return the passages, without loading a model; a forecast takes their sizes.

        An index may be larger than the memory, so they are best made one by one.
        """

    def indexed_by(self) -> Any:
        """Return all settings that decide the index, as plain values."""

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write an index of the sections into an empty folder."""

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the `count` best passages for each question, in order."""
