"""Direct preference optimisation: pairs of a preferred and a rejected reply in, a loss out.

Rafailov et al., arXiv 2305.18290. The model is moved from the tuned one towards the preferred replies and away from the
rejected ones, without a model of rewards.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from runner.component import component
from runner.data.training import Judged, Preference
from runner.local_models import Network, Objective
from runner.refine.settings import FromPreferences


@component
class PreferenceOptimisation(FromPreferences):
    """Train on pairs of a preferred and a rejected reply."""

    pairs: ClassVar[bool] = True

    @property
    def hyperparameters(self) -> Mapping[str, float]:
        """Return the settings of a host's job."""
        return {"n_epochs": self.epochs, "batch_size": self.batch, "beta": self.beta}

    def lessons(self, preferences: Sequence[Preference], judged: Sequence[Judged]) -> Sequence[Judged]:
        """Return the replies of all pairs, the preferred one first."""
        return [reply for pair in preferences for reply in pair.judged]

    def objective(self, network: Network, lessons: Sequence[Judged]) -> Objective:
        """Prefer the first reply of each pair to the second."""
        from runner.local_models.preference_losses import PairLoss  # here, since it imports torch

        rows = [network.encode(prompt, reply) for prompt, reply, _ in lessons]
        return Objective(labels=PairLoss(network, rows, self.beta), together=2)
