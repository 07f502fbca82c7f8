"""Only what people saw: labels in, those that were accepted or edited out."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from runner.component import component
from runner.data.records import Label
from runner.data.reviews import Standing
from runner.review import Reviewed, weighed


@component
class OnlyReviewed:
    """Train on labels that a person accepted or edited."""

    version: ClassVar[int] = 2  # 2: labels in the words of an edit were seen
    seen_alone: ClassVar[bool] = True

    def apply(self, labels: Sequence[Label], standings: Mapping[str, Standing]) -> Reviewed:
        """Drop rejected labels and those that nobody has seen."""
        return weighed(labels, standings, seen_alone=True)
