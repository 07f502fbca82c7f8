"""size=full: all labels in, all of them out."""

from typing import ClassVar

from runner.component import component
from runner.data.records import Labelling, Subset
from runner.size import Multiple


@component
class FullSize:
    """All labels that the method writes up to `scale`."""

    kept_as: ClassVar[str] = "runner.size.full.Full"

    scale: Multiple = 10  # the largest size of the paper

    @property
    def name(self) -> str:
        """Name in tables."""
        return "full"

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Return all labels."""
        return Subset(labels=labelling.labels)
