"""Drop labels that ask what an earlier one asks.

Two labels are the same if all of this holds:

1. They are on the same section. In another section, the same words may ask about another thing.
2. Their questions are alike by words: the cosine between the counts of their character sequences is high (see
   `runner.exam_checks.near_duplicates`). Where `meaning` is set, they may be alike by meaning instead: the cosine between their
   embeddings is high, which are those of dense retrieval. Texts without a question are compared themselves.
3. All words of one answer are in the other: "Who won in 2018?" and "Who won in 2022?" are nearly the same question.

The labels of a section are compared pair by pair. Where a section has thousands, MinHash chooses the pairs that are compared by
words, and misses about one in a hundred of those that are just alike enough.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import repeat
from typing import Any, ClassVar

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import words
from runner.embedding.minilm import check_installed, embed, encoder
from runner.exam_checks.near_duplicates import asked, sequences
from runner.filter import Filtered, Share, parted
from runner.filter.likeness import MANY, alike, alike_by_hash

BY_WORDS, BY_MEANING = "asked before", "asked before in other words"  # the reasons


@component
class Unique:
    """Keep the first of labels that ask nearly the same."""

    later: ClassVar[frozenset[str]] = frozenset({"meaning"})

    likeness: Share  # of two questions by words; at 1 only those in the same words are dropped
    meaning: Share | None = None  # of two questions by meaning; None compares words alone

    @property
    def slow(self) -> bool:
        """Return true where embeddings are computed."""
        return self.meaning is not None

    def check(self) -> None:
        """Raise a Fault if a needed embedding model is missing."""
        if self.meaning is not None:
            check_installed("filter.unique.meaning", "filter.unique.meaning=null compares words alone")

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label whose question a kept one asks already."""
        if not labels:
            return Filtered(labels=())
        texts, answers = [asked(label) or label.answer for label in labels], [{*words(label.answer)} for label in labels]
        counts, vectors = sequences(texts), embed(texts, encoder()) if self.meaning is not None else None
        by_section = defaultdict[str, list[int]](list)
        for place, label in enumerate(labels):
            by_section[label.section].append(place)
        reasons = [("", "")] * len(labels)
        for places in by_section.values():
            kept = set[int]()  # rows of this section
            near = self._near(counts[places], None if vectors is None else vectors[places], kept)
            for row, earlier in enumerate(near):
                own = answers[places[row]]
                similar = ((reason, places[other]) for reason, other in earlier if other in kept)
                same = ((reason, first) for reason, first in similar if own <= answers[first] or answers[first] <= own)
                reason, first = next(same, ("", 0))
                if reason:
                    reasons[places[row]] = reason, f"like {texts[first]!r:.200}"
                else:
                    kept.add(row)
        return parted(labels, reasons)

    def _near(self, counts: Any, vectors: Any, kept: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
        """Yield each row's earlier rows that are alike.

        Each has its reason. Those by words come first. `vectors` may be None.
        """
        many = counts.shape[0] >= MANY
        by_words = alike_by_hash(counts, self.likeness, kept) if many else alike(counts, self.likeness)
        by_meaning = repeat(()) if self.meaning is None else alike(vectors, self.meaning)
        for worded, meant in zip(by_words, by_meaning, strict=False):  # nothing for ever, where meaning is not compared
            yield [*((BY_WORDS, row) for row in worded), *((BY_MEANING, row) for row in meant)]
