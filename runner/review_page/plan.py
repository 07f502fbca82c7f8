"""Reviewers, overlap and sample in, who reviews which item out."""

from collections.abc import Iterable
from dataclasses import dataclass

from runner.comparison.words import number
from runner.data.records import digest
from runner.errors import Fault
from runner.review_page import Candidate

_DIGITS = 8  # of an item's id, which is a hash: as good as drawn


@dataclass(frozen=True, kw_only=True)
class ReviewPlan:
    """A division of the items among reviewers.

    Without `reviewers` all work on a common queue. An item of the overlap is judged by everybody, without seeing what others
    said. Ids decide, so a further item changes nothing for the others.
    """

    reviewers: tuple[str, ...] = ()
    overlap: float = 0.0
    sample: frozenset[str] = frozenset()  # ids of a random sample; only these are reviewed then

    def is_shared(self, item: str) -> bool:
        """Return true if everybody judges an item."""
        return int(item[:_DIGITS], 16) / 0x1_0000_0000 < self.overlap

    def is_for(self, item: str, who: str) -> bool:
        """Return true if an item is among a person's."""
        if self.sample and item not in self.sample:
            return False
        if not self.reviewers or self.is_shared(item):
            return True
        return self.reviewers[int(item[_DIGITS : 2 * _DIGITS], 16) % len(self.reviewers)] == who


def drawn_sample(candidates: Iterable[Candidate], size: int, seed: int) -> frozenset[str]:
    """Draw a simple random sample of the labels, without strata.

    A larger sample holds a smaller one of the same seed. Raise a Fault if there are fewer labels.
    """
    # Of every label the chance is the same, so plain shares estimate rates: of all, and of each method and category.
    labels = [each.item.id for each in candidates if each.item.kind == "label"]
    if len(labels) < size:
        there = "is 1 label" if len(labels) == 1 else f"are {number(len(labels))} labels"
        raise Fault(f"--sample {size}: there {there}. Name fewer, or choose more labels (method=..., size=...)")
    return frozenset(sorted(labels, key=lambda item: digest([seed, item]))[:size])
