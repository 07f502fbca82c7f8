"""fraction: a share of all labels, stratified by category."""

from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Draw, Labelling
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Fraction:
    """The first `fraction` (above 0, up to 1) of a stratified order of all labels up to `scale`."""

    fraction: Annotated[float, Field(gt=0, le=1)]
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return f"{self.fraction:.4g} of all"

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """A nested, stratified subset of at least one label."""
        wanted = max(1, round(self.fraction * len(labelling.labels)))
        return Draw(labels=tuple(stratified(labelling.labels, seed)[:wanted]))
