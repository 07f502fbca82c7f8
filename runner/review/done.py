"""Reviews are done: labels in, those without the rejected ones and with people's edits out."""

from collections.abc import Mapping, Sequence

from runner.component import component
from runner.data.records import Label
from runner.data.reviews import Standing
from runner.review import Reviewed, weighed


@component
class DoneReview:
    """Train on the labels as people left them.

    Labels that nobody has seen, or that people judged differently, stay as they are.
    """

    def apply(self, labels: Sequence[Label], standings: Mapping[str, Standing]) -> Reviewed:
        """Drop rejected labels, and take over edits."""
        return weighed(labels, standings, seen_alone=False)
