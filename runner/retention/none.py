"""No general questions: nothing in, empty GeneralSet out.

What tuning breaks is then not measured, and there is no gate.
"""

from typing import ClassVar

from runner.component import component
from runner.data.general_set import GeneralSet


@component
class Nothing:
    """A retention set without questions, pairs or a page."""

    name: ClassVar[str] = "none"
    floor: ClassVar[float] = 0.0  # no gate: no arm can fall below it

    def read(self) -> GeneralSet:
        """Return empty GeneralSet."""
        return GeneralSet()
