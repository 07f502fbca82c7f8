"""Pull of the trained weights towards the untuned model.

L2-SP (Li et al., arXiv 1802.01483): the squared distance from the weights that a training started from is added to the loss.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from runner.component import component
from runner.data.training import OwnReply, Supervised
from runner.local_models import Network, Objective


@component
class Pull:
    """Add the squared distance of the weights to the loss."""

    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)]

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the labels."""
        return labels

    def objective(self, network: Network, taught: Sequence[Supervised], distributions: Any) -> Objective:
        """Add the squared distance from the present weights."""
        from runner.local_models.weight_distance import weight_distance  # here, since it imports torch

        distance = weight_distance(network.module)
        return Objective(penalty=lambda: self.weight * distance())
