"""Token-based labels: sections in, pairs out until they hold k times the section's tokens (arXiv 2404.00213)."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Label, Labelling, Material, Section
from runner.data.text import count
from runner.method.asking import Pairs, Unit, earlier, fill
from runner.method.guessing import PairGuesses
from runner.method.reading import Pair
from runner.model import Model


@component
class Token:
    """Asks for pairs on a section, shown one hand-written pair on the document's overview as an example.

    The example is the first of people's own labels on the document's first section; where there is none, `example`.
    Tokens are words and punctuation marks, of questions and answers together.
    """

    asks: ClassVar[bool] = True

    prompt: str
    example: str
    pairs: PositiveInt = 10
    reply_tokens: PositiveInt = 2000
    longest: PositiveInt = 400
    again: NonNegativeInt = 2

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Labels whose tokens reach `scale` times those of each section."""
        seeds = _seeds(material)

        def prompt(unit: Unit[Section]) -> str:
            section = unit.source
            return fill(
                self.prompt,
                title=section.title,
                heading=section.heading,
                text=section.text,
                example=seeds.get(section.document, self.example),
                pairs=self.pairs,
                earlier=earlier(unit.labels),
            )

        def place(unit: Unit[Section], pair: Pair) -> tuple[Label, float]:
            section = unit.source
            label = Label(
                question=pair.question,
                answer=pair.answer,
                method="token",
                section=section.id,
                category=section.category,
                round=unit.asked,
                origin=teacher.name,
                position=unit.position,
            )
            return label, (count(pair.question) + count(pair.answer)) / count(section.text)

        asking = Pairs[Section](teacher, self.pairs, self.reply_tokens, self.longest, self.again)
        return asking.gather([Unit(section) for section in material.sections], scale, prompt, place)

    def guesses(self) -> Guesses:
        """Replies as a teacher might give them, for a preview."""
        return PairGuesses(self.prompt, self.pairs)


def _seeds(material: Material) -> dict[str, str]:
    """For each document, the first hand-written label on its first section."""
    overviews: dict[str, str] = {}
    for section in material.sections:
        overviews.setdefault(section.document, section.id)
    written = {label.section: f"Q: {label.question}\nA: {label.answer}" for label in reversed(material.labels)}
    return {document: written[overview] for document, overview in overviews.items() if overview in written}
