"""The contract of a size: all labels in, the labels to train on out."""

from typing import Annotated, Protocol, runtime_checkable

from pydantic import Field

from runner.data.records import Labelling, Subset

# An infinite scale would make a method ask the teacher without end.
Multiple = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@runtime_checkable
class Size(Protocol):
    """A number of labels to train on. A class must have `name`, `scale` and `draw`."""

    @property
    def name(self) -> str:
        """Name of the size in tables: 5x, full, 1000 labels."""

    @property
    def scale(self) -> float:
        """Number of labels that the method must write; a multiple of each unit (a section or a fact)."""

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Choose the labels to train on.

        Of two sizes of the same class, the smaller one's labels must be contained in the larger one's, for the same
        seed. Set `Subset.shortage` to a sentence if there are fewer labels than asked for; that is no Fault.
        """
