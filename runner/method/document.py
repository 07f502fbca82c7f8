"""Document labels: sections in, rewritten documents as labels out.

The teacher chooses a question that a section answers, and rewrites the section around it. The student is trained on the
document alone. Its prompt is in conf/method/document.yaml.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Label, Labelling, Material, Section
from runner.data.templates import with_places
from runner.method.document_guesses import DocumentGuesses
from runner.method.forms import Pair, WrittenDocument
from runner.method.gathering import Group, Pairs, Unit
from runner.method.templates import on_section
from runner.model import Model


@component
class DocumentLabels:
    """New documents on each section, as labels without a question.

    A size of kx is k documents for each section. Each is written around a question of its own, which the label keeps.
    """

    asks: ClassVar[bool] = True
    questions: ClassVar[bool] = False

    prompt: Annotated[str, with_places("text", "earlier")]
    documents: PositiveInt = 1  # in one request
    reply_tokens: PositiveInt = 4000
    longest: PositiveInt = 8000  # characters of a document
    again: NonNegativeInt = 2  # retries if a reply cannot be read

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write `scale` documents, rounded up, on each section."""

        def prompt(units: Sequence[Unit[Section]]) -> str:
            (unit,) = units
            return on_section(self.prompt, unit.source, material, unit.labels, documents=self.documents)

        def place(unit: Unit[Section], written: Pair) -> tuple[Label, float]:
            section = unit.source
            label = Label(
                question="",
                answer=written.answer,
                around=written.question,
                method="document",
                section=section.id,
                category=section.category,
                round=unit.rounds,
                origin=teacher.name,
                position=unit.position,
            )
            return label, 1

        requests = Pairs[Section](teacher, self.documents, self.reply_tokens, self.longest, self.again, WrittenDocument)
        return requests.gather([Group([Unit(section)]) for section in material.sections], scale, prompt, place)

    def guesses(self) -> Guesses:
        """Return the likely replies of a teacher, for a forecast."""
        return DocumentGuesses(self.prompt, self.documents)
