"""Failed facts and sections in, new labels on them out.

The teacher is told what was answered wrongly. Its replies are read, and pairs dropped, as those of the methods.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from runner.data.records import Label, Labelling, Material, Section
from runner.data.text import count, normal
from runner.method.forms import Pair
from runner.method.gathering import Group, Pairs, Unit
from runner.method.templates import on_section
from runner.model import Model

WHOLE = "all that the section states"  # what is to be learned, of a method that labels sections


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A question that a student failed, or answered unsurely."""

    question: str
    answer: str  # of the label
    wrong: tuple[str, ...]  # the different wrong answers that were given
    right: float  # the share of its answers that were right
    failed: bool  # the likeliest answer was wrong; else only drawn ones were


@dataclass(frozen=True, kw_only=True)
class FailedUnit:
    """A fact or section, and the missed questions on it."""

    section: Section
    fact: str  # empty where the method labels whole sections
    method: str  # of the labels on it
    category: str
    missed: tuple[Missed, ...]
    earlier: tuple[Label, ...]  # the labels that there are on it

    @property
    def need(self) -> float:
        """Return a sort key: the unit with fewer right answers first."""
        return sum(missed.right for missed in self.missed) / len(self.missed)


@dataclass(frozen=True, kw_only=True)
class Relabelling:
    """The requests for new labels on failed units.

    `template` has places for {text} and {missed}. `add` is in multiples of a unit, as a size is.
    """

    template: str
    pairs: int  # in one request at most
    tokens: int
    longest: int  # characters of an answer
    again: int  # retries if a reply cannot be read
    add: float

    def label(
        self, failed: Sequence[FailedUnit], material: Material, teacher: Model, taken: Iterable[str], number: int
    ) -> Labelling:
        """Ask for labels on each unit, in round `number`.

        `taken` are questions that no label may ask again.
        """
        # A request for a fact asks for no more than are wanted. How many pairs fill a section's tokens is not known before.
        pairs = min(self.pairs, ceil(self.add)) if any(unit.fact for unit in failed) else self.pairs

        def prompt(units: Sequence[Unit[FailedUnit]]) -> str:
            (unit,) = units
            source, labels = unit.source, [*unit.source.earlier, *unit.labels]
            values = {"fact": source.fact or WHOLE, "missed": "\n".join(map(_in_words, source.missed)), "pairs": pairs}
            return on_section(self.template, source.section, material, labels, **values)

        def place(unit: Unit[FailedUnit], pair: Pair) -> tuple[Label, float]:
            source = unit.source
            label = Label(
                question=pair.question,
                answer=pair.answer,
                method=source.method,
                section=source.section.id,
                category=source.category,
                fact=source.fact,
                round=number,
                origin=teacher.name,
                position=unit.position,
            )
            tokens = count(pair.question) + count(pair.answer)
            return label, 1 if source.fact else tokens / count(source.section.text)

        requests = Pairs[FailedUnit](teacher, pairs, self.tokens, self.longest, self.again)
        requests.seen.update(map(normal, taken))
        return requests.gather([Group([Unit(unit)]) for unit in failed], self.add, prompt, place)


def _in_words(missed: Missed) -> str:
    given = "; ".join(missed.wrong) or "(no answer)"
    return f"- Question: {missed.question}\n  Answers of the student: {given}\n  Answer of the document: {missed.answer}"
