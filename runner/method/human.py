"""Human labels: people's own pairs in, the same pairs as labels out.

They are in the file labels.jsonl or labels.csv of the corpus.
"""

from collections import Counter
from dataclasses import replace
from typing import ClassVar

from runner.component import component
from runner.data.records import Labelling, Ledger, Material
from runner.errors import Fault
from runner.model import Model


@component
class Human:
    """Labels that people wrote, in the order of the file.

    A size of kx takes up to k labels of each unit. A label's unit is the fact that it names, or else its section. A label that
    names neither is a unit of its own.
    """

    asks: ClassVar[bool] = False

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Return all labels of the corpus, numbered within their units.

        The teacher is not asked. Raise a Fault if the corpus has no labels.
        """
        if not material.labels:
            raise Fault(
                'method=human needs the corpus to hold labels.jsonl or labels.csv: lines of {"question": "...", '
                '"answer": "...", "section": "file.md#Heading"}. Write some, or choose method=token or method=fact'
            )
        place: Counter[str | int] = Counter()  # the next free place of each unit
        labels = []
        # Labels that a method wrote, and that came in again, have positions of their own.
        positioned = any(label.position for label in material.labels)
        for number, label in enumerate(material.labels):
            # The number of the label is an int, so it can never be taken for the name of a fact or section.
            unit = label.fact or label.section or number
            labels.append(label if positioned else replace(label, position=place[unit]))
            place[unit] += 1
        # All labels are returned, whatever the scale: the size draws those whose position is below it.
        ledger = Ledger(stage="pairs", requested=len(labels), kept=len(labels))
        short = sum(labels_of_unit < scale for labels_of_unit in place.values())
        return Labelling(labels=tuple(labels), ledgers=(ledger,), short=short, units=len(place))
