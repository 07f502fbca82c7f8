"""Blend the weights of the untuned and the tuned model.

WiSE-FT (Wortsman et al., arXiv 2109.01903) averages the weights before and after a fine-tuning. Of an adapter this is a factor.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.training import OwnReply, Supervised
from runner.local_models import Loadable


@component
class Blend:
    """Scale what a training changed; 0 is the model before it."""

    scale: Annotated[float, Field(ge=0, le=1)]

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the labels: the training is that of keep=none."""
        return labels

    def change(self, before: Loadable, earlier: Path | None, tuned: Path, folder: Path) -> None:
        """Write the weights in between."""
        from runner.local_models.blending import blend  # here, since it imports torch

        blend(before, tuned, self.scale, folder, earlier)
