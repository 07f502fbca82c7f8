"""Rehearsal of the untuned model's own right answers.

As Self-Synthesized Rehearsal (Huang et al., arXiv 2403.01244): the model itself writes what it rehearses, so nothing is taught
that it would say in another way. Here the questions are given, and only answers that are graded right are kept.
"""

import logging
from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.training import OwnReply, Supervised
from runner.keep.mixing import Share, lacking, mixed, wanted

log = logging.getLogger("runner")


@component
class ReplayOwn:
    """Mix in right answers of the untuned model."""

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})
    general: ClassVar[bool] = True
    graded: ClassVar[bool] = True

    share: Share
    path: str | None = None

    def asked(self, labels: Sequence[Supervised], general: Sequence[Supervised]) -> Sequence[Supervised]:
        """Return the general questions."""
        return general

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the labels, then so many answers that were right."""
        right = _right(general, own)
        # How many are right is known only now. A small model knows little, and what it knows is worth keeping.
        if 0 < len(right) < (count := wanted(labels, self.share)):
            log.warning(
                "keep=replay_own: %d answers are wanted (keep.share=%g), and all %d %s are taken",
                count,
                self.share,
                len(right),
                _source(general),
            )
        return mixed(labels, right, self.share)

    def lacking(self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]) -> str:
        """Say so if not one answer is right; "" otherwise."""
        right = _right(general, own)
        return "" if right else lacking(labels, right, self.share, _source(general))


def _right(general: Sequence[Supervised], own: Sequence[OwnReply]) -> list[Supervised]:
    """Return the pairs whose answers are right and whole."""
    # An answer that was cut would teach the model to end in the middle of a sentence.
    return [Supervised(pair.prompt, reply.text) for pair, reply in zip(general, own, strict=True) if reply.right and reply.whole]


def _source(general: Sequence[Supervised]) -> str:
    return f"answers of the untuned model that are right and whole (of {len(general)})"
