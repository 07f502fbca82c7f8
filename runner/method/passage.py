"""Passage labels: sections in, their own text as labels out.

A model is trained on the text itself, without questions. It is the unsupervised baseline of arXiv 2312.05934 and 2409.07431
(continued pretraining), and it needs no teacher.
"""

from math import ceil
from typing import Annotated, ClassVar

from pydantic import Field

from runner.component import component
from runner.data.long_text import split
from runner.data.records import Label, Labelling, Ledger, Material
from runner.data.text import count
from runner.model import Model


@component
class Passages:
    """Each section as a label without a question.

    A size of kx holds each section k times, with its title and headings before it. A longer section than `longest` tokens is
    split.
    """

    version: ClassVar[int] = 2  # 2: split at the ends of sentences in any language
    asks: ClassVar[bool] = False
    questions: ClassVar[bool] = False

    longest: Annotated[int, Field(ge=20)] = 400

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Return every section `scale` times, rounded up. The teacher is not asked."""
        labels = tuple(
            Label(
                question="",
                answer=f"{section.title}: {section.heading}\n\n{text}",
                method="passage",
                section=section.id,
                category=section.category,
                origin=section.document,
                position=time,
            )
            for time in range(ceil(scale))
            for section in material.sections
            for text in split(section.text, self.longest, count)
        )
        ledger = Ledger(stage="passages", requested=len(labels), kept=len(labels))
        return Labelling(labels=labels, ledgers=(ledger,), units=len(material.sections))
