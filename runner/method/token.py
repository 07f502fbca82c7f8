"""Token labels: sections in, pairs with k times their tokens out.

The teacher writes pairs on a section until they have k times the section's tokens (arXiv 2404.00213). Its prompt is in
conf/method/token.yaml.
"""

import re
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Label, Labelling, Material, Section
from runner.data.taught import Unlabelled
from runner.data.templates import with_places
from runner.data.text import count, normal
from runner.method.forms import Pair
from runner.method.gathering import Group, Pairs, Unit
from runner.method.guessing import PairGuesses
from runner.method.templates import on_section
from runner.model import Model


@component
class Token:
    """Labels in proportion to the length of a section.

    The teacher is shown one pair as an example: the first label that people wrote on the first section of the document (its
    overview), or else `example`. Tokens are the words and punctuation marks of question and answer.
    """

    asks: ClassVar[bool] = True
    version: ClassVar[int] = 3  # 3: the rest of a reply that was cut off is asked for until it is there

    prompt: Annotated[str, with_places("text")]
    example: str
    pairs: PositiveInt = 10  # in one request
    reply_tokens: PositiveInt = 2000
    longest: PositiveInt = 400  # characters of an answer
    again: NonNegativeInt = 2  # retries if a reply cannot be read

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write pairs with `scale` times the tokens of each section."""
        examples = _examples(material)

        def prompt(units: Sequence[Unit[Section]]) -> str:
            (unit,) = units
            example = examples.get(unit.source.document, self.example)
            return on_section(self.prompt, unit.source, material, unit.labels, example=example, pairs=self.pairs)

        def place(unit: Unit[Section], pair: Pair) -> tuple[Label, float]:
            section = unit.source
            label = Label(
                question=pair.question,
                answer=pair.answer,
                method="token",
                section=section.id,
                category=section.category,
                round=unit.rounds,
                origin=teacher.name,
                position=unit.position,
            )
            # The step is the share of the section's tokens that this pair adds. At position k the labels have k times as many.
            return label, (count(pair.question) + count(pair.answer)) / count(section.text)

        requests = Pairs[Section](teacher, self.pairs, self.reply_tokens, self.longest, self.again)
        # Small models give back the example. Its question counts as taken.
        shown = "\n".join([self.example, *examples.values()])
        requests.seen.update(normal(question) for question in re.findall(r"^Q: *(.+)$", shown, re.MULTILINE))
        return requests.gather([Group([Unit(section)]) for section in material.sections], scale, prompt, place)

    def guesses(self) -> Guesses:
        """Return the likely replies of a teacher, for a forecast."""
        return PairGuesses(self.prompt, self.pairs)


def _examples(material: Material) -> dict[str, str]:
    """Choose the example of each document from people's labels.

    That is the first label on its first section. A document without one is left out.
    """
    # One example serves all sections of a document, as we read the paper. So people need to write few labels.
    overviews: dict[str, str] = {}
    # Of all sections, also where only some are labelled: a request is then the same, and its reply is found again.
    for section in material.whole if isinstance(material, Unlabelled) else material.sections:
        overviews.setdefault(section.document, section.id)
    # Backwards, so that the first label of a section is the one that stays in the dict.
    written = {label.section: f"Q: {label.question}\nA: {label.answer}" for label in reversed(material.labels) if label.question}
    return {document: written[overview] for document, overview in overviews.items() if overview in written}
