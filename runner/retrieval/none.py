"""retrieval=none: questions in, no passages out."""

from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.records import Passage, Section


@component
class NoRetrieval:
    """The tuned student is asked without passages."""

    retrieves: ClassVar[bool] = False

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find nothing."""
        return [() for _ in questions]
