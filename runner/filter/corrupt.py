"""Put errors into labels, to see what errors cost.

Each label that is drawn gets one error: a wrong number where its answer has one, else a wrong name, else the answer of another
label. Wrong numbers and names are those of other answers of the same category, so that they look right.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import normal
from runner.filter import Filtered, Share

NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w])")
NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*|\b\w+_\w+\b")


@component
class Corrupt:
    """Change the answers of some labels into wrong ones. It drops none."""

    rate: Share  # of the labels
    seed: int  # decides which labels, and which errors

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Put an error into each label that is drawn."""
        order = random.Random(self.seed)
        # The first so many of one order, so that a higher rate holds all errors of a lower one.
        drawn = order.sample(range(len(labels)), len(labels))[: round(self.rate * len(labels))]
        changed = {place: _wrong(labels[place], labels, random.Random(f"{self.seed} {place}")) for place in drawn}
        return Filtered(labels=tuple(changed.get(place, label) for place, label in enumerate(labels)))


def _wrong(label: Label, labels: Sequence[Label], order: random.Random) -> Label:
    """Return a label with one error, and its kind."""
    beside = [
        other.answer for other in labels if other.category == label.category and normal(other.answer) != normal(label.answer)
    ]
    for kind, pattern in (("number", NUMBER), ("name", NAME)):
        places = list(pattern.finditer(label.answer))
        others = sorted({name for answer in beside for name in pattern.findall(answer)} - {match[0] for match in places})
        if places and others:
            match = order.choice(places)
            answer = label.answer[: match.start()] + order.choice(others) + label.answer[match.end() :]
            return replace(label, answer=answer, extra={**label.extra, "error": kind})
    if not beside:
        return label
    return replace(label, answer=order.choice(sorted(set(beside))), extra={**label.extra, "error": "answer"})
