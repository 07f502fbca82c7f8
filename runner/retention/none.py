"""No general questions: nothing is asked before and after, and no run fails the gate."""

from typing import ClassVar

from runner.component import component
from runner.data.records import Knowledge


@component
class Nothing:
    """Knowledge without a question, a pair or a page."""

    name: ClassVar[str] = "none"
    floor: ClassVar[float] = 0.0

    def read(self) -> Knowledge:
        """Nothing to ask."""
        return Knowledge()
