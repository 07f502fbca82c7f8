"""full: every label that the method makes."""

from runner.component import component
from runner.data.records import Draw, Labelling
from runner.size import Multiple


@component
class Full:
    """All labels of a labelling up to `scale`."""

    scale: Multiple = 10

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return "full"

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """Everything."""
        return Draw(labels=labelling.labels)
