"""A size says how many labels are asked for, and draws those that are trained on."""

from typing import Annotated, Protocol

from pydantic import Field

from runner.data.records import Draw, Labelling

Multiple = Annotated[float, Field(gt=0, allow_inf_nan=False)]  # finite, or a teacher would be asked without end


class Size(Protocol):
    """How many labels."""

    @property
    def name(self) -> str:
        """As it stands in tables: 5x, full, 1000 labels."""

    @property
    def scale(self) -> float:
        """How far the method labels, in multiples of each unit."""

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """The subset; of two sizes of one kind the smaller is contained in the larger."""
