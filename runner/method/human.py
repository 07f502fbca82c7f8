"""Human labels: the pairs that people wrote into the corpus's labels.jsonl."""

from collections import Counter
from dataclasses import replace
from typing import ClassVar

from runner.component import component
from runner.data.records import Labelling, Ledger, Material
from runner.errors import Fault
from runner.model import Model


@component
class Human:
    """Takes labels in the order of the file; kx is up to k of each fact, or of each section where no fact is named.

    A label that names neither is a unit of its own.
    """

    asks: ClassVar[bool] = False

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """All of people's labels, each at its place within its unit; the teacher is not asked."""
        if not material.labels:
            raise Fault(
                'method=human needs the corpus to hold labels.jsonl or labels.csv: lines of {"question": "...", '
                '"answer": "...", "section": "file.md#Heading"}. Write some, or choose method=token or method=fact'
            )
        place: Counter[str | int] = Counter()
        labels = []
        for number, label in enumerate(material.labels):
            unit = label.fact or label.section or number
            labels.append(replace(label, position=place[unit]))
            place[unit] += 1
        ledger = Ledger(stage="pairs", requested=len(labels), kept=len(labels))
        short = sum(held < scale for held in place.values())
        return Labelling(labels=tuple(labels), ledgers=(ledger,), short=short, units=len(place))
