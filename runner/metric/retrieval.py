"""Retrieval: the passages that were found for an arm's questions in, recall out."""

from collections.abc import Sequence
from statistics import fmean
from typing import ClassVar

from runner.component import component
from runner.data.records import Outcome

RANKS = (1, 3, 5, 10)


@component
class RetrievalMetric:
    """Numbers about the passages that an arm's prompts hold.

    An arm without passages has none of them.
    """

    version: ClassVar[int] = 2  # 2: an answer's own words in a passage are enough
    passages: ClassVar[bool] = True

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Compute the numbers, all named `retrieval/...`.

        `recall_at_k` is the share of questions with a passage of their section (or on their fact) among the first k that were
        found, overall and by category. It counts the questions whose section or fact the exam names. `held` counts the prompts
        that hold the answer, and `asked` all prompts.
        """
        numbers: dict[str, float] = {}
        if outcome.holding:
            numbers = {"retrieval/held": sum(outcome.holding), "retrieval/asked": len(outcome.holding)}
        categories = [question.category for question in outcome.questions]
        judged = [(category, hits) for category, hits in zip(categories, outcome.hits, strict=False) if hits]
        for suffix in ("", *sorted(set(categories))):
            ranked = [hits for category, hits in judged if suffix in ("", category)]
            numbers |= {f"{name}/{suffix}" if suffix else name: value for name, value in _recall(ranked).items()}
        return numbers


def _recall(ranked: Sequence[Sequence[bool]]) -> dict[str, float]:
    """Return the recall at each rank that the search reached."""
    # A search of three passages says nothing about the fifth.
    depth = max(map(len, ranked), default=0)
    return {f"retrieval/recall_at_{rank}": fmean(any(hits[:rank]) for hits in ranked) for rank in RANKS if rank <= depth}
