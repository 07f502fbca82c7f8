"""size=count: labels in, a fixed number of them out.

The categories keep about their shares.
"""

from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Labelling, Subset
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Count:
    """The first `labels` labels of a stratified order.

    The order contains all labels that the method writes up to `scale`.
    """

    labels: Annotated[int, Field(gt=0, strict=True)]  # strict: YAML's true would otherwise be 1
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.labels} labels"

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Draw a stratified subset; all labels if there are fewer."""
        # A prefix of one order for each seed, so that smaller counts are contained in larger ones.
        drawn = tuple(stratified(labelling.labels, seed)[: self.labels])
        shortage = f"{self.labels} labels asked for, there are {len(drawn)}" if len(drawn) < self.labels else ""
        return Subset(labels=drawn, shortage=shortage)
