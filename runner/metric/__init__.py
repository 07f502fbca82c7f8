"""The contract of a metric: the grades of one arm in, numbers out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Outcome, Question


@runtime_checkable
class Metric(Protocol):
    """A measurement of one arm. A class must have `measure`; `passages` is optional.

    `passages` is True for numbers about passages alone. They are left out of the hash of arms that have none.
    """

    # The build step sets this value on a class that does not name it.
    passages: bool = False

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Compute numbers from the grades of an arm.

        Return the numbers by name. A name that ends in `/<category>` is about that category. Names that end in `_low`
        and `_high` are the bounds of an interval. Leave a number out if it cannot be computed; do not return NaN.
        No Fault is expected: the grades were checked before.
        """


@runtime_checkable
class CheckedMetric(Protocol):
    """A metric that checks the exam before the work."""

    def check(self, questions: Sequence[Question]) -> None:
        """Raise a Fault if these questions can't be measured."""
