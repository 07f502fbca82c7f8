"""Drop labels that ask what an earlier one asks.

Two labels are the same if all of this holds:

1. They are on the same section. In another section, the same words may ask about another thing.
2. The cosine between the counts of their questions' character sequences is high: see `runner.exam_checks.near_duplicates`.
   Texts without a question are compared themselves.
3. All words of one answer are in the other: "Who won in 2018?" and "Who won in 2022?" are nearly the same question.
"""

from collections import defaultdict
from collections.abc import Sequence

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import words
from runner.exam_checks.near_duplicates import asked, sequences
from runner.filter import Filtered, Share, parted


@component
class Unique:
    """Keep the first of labels that ask nearly the same."""

    likeness: Share  # of two questions; at 1 only those in the same words are dropped

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label whose question a kept one asks already."""
        if not labels:
            return Filtered(labels=())
        texts, answers = [asked(label) or label.answer for label in labels], [{*words(label.answer)} for label in labels]
        counts, kept = sequences(texts), defaultdict[str, list[int]](list)  # by section
        reasons = []
        for place, label in enumerate(labels):
            earlier = kept[label.section]
            alike = (counts[earlier] @ counts[place].T).toarray().ravel().round(3) if earlier else []
            same = [other for other, likeness in zip(earlier, alike, strict=True) if likeness >= self.likeness]
            first = next((other for other in same if answers[place] <= answers[other] or answers[other] <= answers[place]), None)
            if first is None:
                earlier.append(place)
            reasons.append(("", "") if first is None else ("asked before", f"like {texts[first]!r:.200}"))
        return parted(labels, reasons)
