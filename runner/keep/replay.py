"""Rehearsal: general questions with written answers are mixed into the labels.

Experience replay keeps what a network learned before by training on some of it again (Rolnick et al., arXiv 1811.11682). The
data that a language model was trained on is seldom at hand, so pairs that people or a larger model wrote stand in for it.
"""

from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.training import OwnReply, Supervised
from runner.keep.mixing import Share, lacking, mixed


@component
class Replay:
    """Mix in written pairs, as a share of the labels."""

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # the pairs count, not where they lie
    local: ClassVar[bool] = False  # a host takes more examples as it takes any
    general: ClassVar[bool] = True

    share: Share
    path: str | None = None

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the labels, then so many general pairs."""
        return mixed(labels, general, self.share)

    def lacking(self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]) -> str:
        """Say how many pairs are missing; "" if none is."""
        return lacking(labels, general, self.share, "pairs")
