"""Kahneman-Tversky optimisation: replies that are right or wrong in, a loss out.

Ethayarajh et al., arXiv 2402.01306. A reply counts by itself, so that people's grades of single answers can be learned.
"""

from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.training import Judged, Preference
from runner.local_models import Network, Objective
from runner.refine.settings import FromPreferences, Positive


@component
class KahnemanTversky(FromPreferences):
    """Train on replies, each preferred or rejected."""

    pairs: ClassVar[bool] = False

    rejected: Positive  # the weight of a rejected reply, where a preferred one has 1

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
