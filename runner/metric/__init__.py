"""A metric turns grades into numbers, overall and per category."""

from collections.abc import Sequence
from typing import Protocol

from runner.records import Grade, Question


class Metric(Protocol):
    """One way of counting."""

    def measure(self, questions: Sequence[Question], grades: Sequence[Grade]) -> dict[str, float]:
        """Numbers by name; a number of one category is named `<metric>/<category>`."""
