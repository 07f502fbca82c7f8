"""A metric turns what an arm has shown to numbers."""

from typing import Protocol

from runner.data.records import Outcome


class Metric(Protocol):
    """One way of measuring."""

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Numbers by name; a name ending in `/<category>` is that category's, `_low` and `_high` are an interval's bounds."""
