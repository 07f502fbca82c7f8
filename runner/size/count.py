"""count: so many labels, stratified by category."""

from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Draw, Labelling
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Count:
    """The first `labels` of a stratified order of all labels up to `scale`."""

    labels: Annotated[int, Field(gt=0, strict=True)]  # strict: true is no number
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return f"{self.labels} labels"

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """A nested, stratified subset; all there are where there are fewer."""
        drawn = tuple(stratified(labelling.labels, seed)[: self.labels])
        shortage = f"{self.labels} labels asked for, there are {len(drawn)}" if len(drawn) < self.labels else ""
        return Draw(labels=drawn, shortage=shortage)
