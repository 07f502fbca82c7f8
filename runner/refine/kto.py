"""Kahneman-Tversky optimisation: replies that are right or wrong in, a loss out.

Ethayarajh et al., arXiv 2402.01306. A reply counts by itself, so that people's grades of single answers can be learned.
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
class KahnemanTversky:
    """Train on replies, each preferred or rejected."""

    pairs: ClassVar[bool] = False

    samples: NonNegativeInt
    temperature: Positive
    chosen: Chosen
    prompt: PassagePrompt
    beta: Positive
    rejected: Positive  # the weight of a rejected reply, where a preferred one has 1
    epochs: PositiveInt
    steps: PositiveInt | None = None
    batch: PositiveInt
    rate: Positive

    @property
    def schedule(self) -> Mapping[str, Any]:
        """Return the settings of this training that replace the tuner's."""
        return {"epochs": self.epochs, "steps": self.steps, "batch": self.batch, "rate": self.rate}

    def lessons(self, preferences: Sequence[Preference], judged: Sequence[Judged]) -> Sequence[Judged]:
        """Return all judged replies, and both replies of each pair."""
        # A reply may be part of several pairs, and judged by itself.
        return list(dict.fromkeys([*judged, *(reply for pair in preferences for reply in pair.judged)]))

    def objective(self, network: Network, lessons: Sequence[Judged]) -> Objective:
        """Make preferred replies likelier, and rejected ones less likely."""
        from runner.local_models.preference_losses import JudgedLoss  # here, since it imports torch

        rows = [network.encode(prompt, reply) for prompt, reply, _ in lessons]
        good = [lesson.good for lesson in lessons]
        return Objective(labels=JudgedLoss(network, rows, good, self.beta, self.rejected))
