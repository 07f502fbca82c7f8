"""The contract of a retriever: questions in, passages of the corpus out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Passage, Section


@runtime_checkable
class Retriever(Protocol):
    """A search over the sections of a corpus. A class must have `find`."""

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find the passages that help to answer each question.

        Return one tuple for each question, in the order of the questions, with the best passage first.
        Raise a Fault if a package or model that the search needs is not installed.
        """
