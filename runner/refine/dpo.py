"""Direct preference optimisation: pairs of a preferred and a rejected reply in, a loss out.

Rafailov et al., arXiv 2305.18290. The model is moved from the tuned one towards the preferred replies and away from the
rejected ones, without a model of rewards.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.training import Judged, Preference
from runner.local_models import Network, Objective
from runner.refine import Chosen
from runner.refine.settings import PassagePrompt, Positive


@component
class PreferenceOptimisation:
    """Train on pairs of a preferred and a rejected reply."""

    pairs: ClassVar[bool] = True

    samples: NonNegativeInt
    temperature: Positive
    chosen: Chosen
    prompt: PassagePrompt
    beta: Positive
    epochs: PositiveInt
    steps: PositiveInt | None = None
    batch: PositiveInt
    rate: Positive

    @property
    def schedule(self) -> Mapping[str, Any]:
        """Return the settings of this training that replace the tuner's."""
        return {"epochs": self.epochs, "steps": self.steps, "batch": self.batch, "rate": self.rate}

    def lessons(self, preferences: Sequence[Preference], judged: Sequence[Judged]) -> Sequence[Judged]:
        """Return the replies of all pairs, the preferred one first."""
        return [reply for pair in preferences for reply in pair.judged]

    def objective(self, network: Network, lessons: Sequence[Judged]) -> Objective:
        """Prefer the first reply of each pair to the second."""
        from runner.local_models.preference_losses import PairLoss  # here, since it imports torch

        rows = [network.encode(prompt, reply) for prompt, reply, _ in lessons]
        return Objective(labels=PairLoss(network, rows, self.beta), together=2)
