"""Drop labels that ask what an earlier one asks.

Two labels are the same if all of this holds:

1. They are on the same section. In another section, the same words may ask about another thing.
2. The cosine between the counts of their questions' character sequences is high: see `runner.exam_checks.near_duplicates`.
   Texts without a question are compared themselves.
3. All words of one answer are in the other: "Who won in 2018?" and "Who won in 2022?" are nearly the same question.

The labels of a section are compared pair by pair. Where a section has thousands, MinHash chooses the pairs, and misses about one
in a hundred of those that are just alike enough.
"""

from collections import defaultdict
from collections.abc import Sequence

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import words
from runner.exam_checks.near_duplicates import asked, sequences
from runner.filter import Filtered, Share, parted
from runner.filter.likeness import MANY, alike, alike_by_hash


@component
class Unique:
    """Keep the first of labels that ask nearly the same."""

    likeness: Share  # of two questions; at 1 only those in the same words are dropped

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label whose question a kept one asks already."""
        if not labels:
            return Filtered(labels=())
        texts, answers = [asked(label) or label.answer for label in labels], [{*words(label.answer)} for label in labels]
        counts = sequences(texts)
        by_section = defaultdict[str, list[int]](list)
        for place, label in enumerate(labels):
            by_section[label.section].append(place)
        reasons = [("", "")] * len(labels)
        for places in by_section.values():
            kept = set[int]()  # rows of this section
            rows = counts[places]
            many = len(places) >= MANY
            near = alike_by_hash(rows, self.likeness, kept) if many else alike(rows, self.likeness)
            for row, earlier in enumerate(near):
                own = answers[places[row]]
                same = (places[other] for other in earlier if other in kept)
                first = next((other for other in same if own <= answers[other] or answers[other] <= own), None)
                if first is None:
                    kept.add(row)
                else:
                    reasons[places[row]] = "asked before", f"like {texts[first]!r:.200}"
        return parted(labels, reasons)
