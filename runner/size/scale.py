"""kx: up to k labels of each fact, or labels of k times each section's tokens."""

from runner.component import component
from runner.data.records import Draw, Labelling
from runner.size import Multiple


@component
class Scale:
    """Each unit's labels up to `scale`, a prefix of those of any larger scale."""

    scale: Multiple

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return f"{self.scale:g}x"

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """The labels that stand below the scale; a unit that holds fewer gives all that it has."""
        labels = tuple(label for label in labelling.labels if label.position < self.scale)
        shortage = f"{labelling.short} of {labelling.units} units hold less than {self.scale:g}x" if labelling.short else ""
        return Draw(labels=labels, shortage=shortage)
