"""size=1x, 5x, 10x: labels in, those below a scale out.

For fact labels kx is up to k labels of each fact; for token labels it is labels with k times the tokens of each section.
"""

from runner.component import component
from runner.data.records import Labelling, Subset
from runner.size import Multiple


@component
class Scale:
    """The labels of each unit whose position is below `scale`.

    They are a prefix of those of a larger scale.
    """

    scale: Multiple

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.scale:g}x"  # 5x and not 5.0x

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Draw the labels below the scale; all of a unit if it has fewer."""
        # Nothing is drawn at random, so the seed is not used: a learning curve over sizes then shows the sizes alone.
        labels = tuple(label for label in labelling.labels if label.position < self.scale)
        return Subset(labels=labels, shortage=self._shortage(labelling) if labelling.short else "")

    def _shortage(self, labelling: Labelling) -> str:
        """Say how many units have too few labels."""
        have = "has" if labelling.short == 1 else "have"
        units = f"{labelling.short} of {labelling.units} units (a section, a fact or a single label)"
        return f"{units} {have} fewer labels than {self.name} asks for"
