"""size=fraction: labels in, a share of them out.

The categories keep about their shares.
"""

from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Labelling, Subset
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Fraction:
    """The first `fraction` of a stratified order.

    The order contains all labels that the method writes up to `scale`.
    """

    fraction: Annotated[float, Field(gt=0, le=1)]
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """Name in tables."""
        # Four digits are enough to tell sizes apart in a table; 1/3 has seventeen.
        return f"{self.fraction:.4g} of all"

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Draw a stratified subset of at least one label."""
        # At least one, since nothing can be trained on no label.
        wanted = max(1, round(self.fraction * len(labelling.labels)))
        return Subset(labels=tuple(stratified(labelling.labels, seed)[:wanted]))
