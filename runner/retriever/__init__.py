"""A retriever finds the passages of a corpus that a question needs."""

from collections.abc import Sequence
from typing import Protocol

from runner.data.records import Passage, Section


class Retriever(Protocol):
    """One way of searching."""

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """For each question its passages, the best first."""
