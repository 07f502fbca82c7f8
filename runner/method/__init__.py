"""A labelling method turns a corpus into question/answer pairs."""

from typing import Protocol

from runner.data.records import Labelling, Material
from runner.model import Model


class Method(Protocol):
    """One way of labelling documents."""

    asks: bool  # whether it needs a teacher

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Labels up to `scale` times each unit, the larger scale's being those of the smaller and more."""
