"""Fact labels: sections in, facts listed and filtered, pairs out.

The three steps follow arXiv 2404.00213, each with a prompt of its own (conf/method/fact.yaml):

1. `facts_prompt`: the teacher lists the facts of a section.
2. `filter_prompt`: the filter of irrelevant facts. The teacher chooses those that serve the purpose of the study.
3. `pairs_prompt`: the teacher writes k question/answer pairs for each fact that is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import AtomicFact, Label, Labelling, Ledger, Material, Section
from runner.data.templates import with_places
from runner.method.asking import Tally
from runner.method.fact_listing import FactListing, by_section
from runner.method.forms import FactPair, Pair
from runner.method.gathering import Group, Pairs, Unit
from runner.method.guessing import FactGuesses, PairGuesses
from runner.method.repeated_facts import FactList
from runner.method.templates import numbered, on_section
from runner.model import Model


@component
class Fact:
    """Labels for each fact that serves the purpose."""

    asks: ClassVar[bool] = True
    version: ClassVar[int] = 3  # 3: pairs on several facts in one request, equal facts of other sections are kept

    # The prompts are settings, so that a study can reword them without code. What each {name} means is in conf/method/fact.yaml.
    facts_prompt: Annotated[str, with_places("text")]
    filter_prompt: Annotated[str, with_places("purpose", "facts")]
    pairs_prompt: Annotated[str, with_places("facts")]
    pairs: PositiveInt = 5  # in one request, for each of its facts
    together: PositiveInt = 5  # facts of a section in one request
    reply_tokens: PositiveInt = 3000
    longest: PositiveInt = 400  # characters of an answer
    again: NonNegativeInt = 2  # retries if a reply cannot be read

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write `scale` labels, rounded up, for each relevant fact."""
        tally = Tally("facts")
        sections = {section.id: section for section in material.sections}
        read = FactList(sections)
        repeated = sum(not read.add(fact) for fact in material.facts)
        tally.requested += len(read)
        # Nothing is asked about sections whose facts were read.
        done = {fact.section for fact in read}
        listing = FactListing(self.facts_prompt, self.filter_prompt, self.reply_tokens, self.again)
        listing.add([section for section in material.sections if section.id not in done], read, teacher, tally)
        facts = listing.relevant(by_section(read), sections, material.purpose, teacher, tally)
        labelling = self._write_pairs(facts, sections, material, teacher, scale)
        ledgers = (*_reading(len(material.facts), repeated), tally.close(), *labelling.ledgers)
        return replace(labelling, facts=tuple(facts), ledgers=ledgers)

    def guesses(self) -> FactGuesses:
        """Return the likely replies of a teacher, for a forecast."""
        return FactGuesses(self.facts_prompt, self.filter_prompt, PairGuesses(self.pairs_prompt, self.pairs))

    def _write_pairs(
        self, facts: Sequence[AtomicFact], sections: Mapping[str, Section], material: Material, teacher: Model, scale: float
    ) -> Labelling:
        """Ask for pairs on the facts of each section: step 3."""

        def prompt(units: Sequence[Unit[AtomicFact]]) -> str:
            # The section goes with the facts, since a fact alone often does not say enough to ask about.
            section, labels = sections[units[0].source.section], [label for unit in units for label in unit.labels]
            listed = numbered([unit.source.text for unit in units])
            return on_section(self.pairs_prompt, section, material, labels, facts=listed, pairs=self.pairs)

        def place(unit: Unit[AtomicFact], pair: Pair) -> tuple[Label, float]:
            label = Label(
                question=pair.question,
                answer=pair.answer,
                method="fact",
                section=unit.source.section,
                category=unit.source.category,
                fact=unit.source.text,
                round=unit.rounds,
                origin=teacher.name,
                position=unit.position,
            )
            # One label is one multiple of a fact: 5x is five labels a fact.
            return label, 1

        groups = [
            Group([Unit(fact) for fact in some[start : start + self.together]])
            for some in by_section(facts)
            for start in range(0, len(some), self.together)
        ]
        requests = Pairs[AtomicFact](teacher, self.pairs, self.reply_tokens, self.longest, self.again, FactPair)
        return requests.gather(groups, scale, prompt, place)


def _reading(facts: int, repeated: int) -> list[Ledger]:
    """Account for the facts that were read from files."""
    filtered = {"duplicate": repeated} if repeated else {}
    ledger = Ledger(stage="facts read from files", requested=facts, kept=facts - repeated, filtered=filtered)
    return [ledger] if facts else []
