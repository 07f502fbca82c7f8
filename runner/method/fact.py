"""Fact labels: sections in, facts listed and filtered, pairs out.

The three steps follow arXiv 2404.00213, each with a prompt of its own (conf/method/fact.yaml):

1. `facts_prompt`: the teacher lists the facts of a section.
2. `filter_prompt`: the filter of irrelevant facts. The teacher chooses those that serve the purpose of the study.
3. `pairs_prompt`: the teacher writes k question/answer pairs for each fact that is left.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import AtomicFact, Label, Labelling, Ledger, Material
from runner.method.asking import Inquiry, Pairs, Tally, Unit, ask, earlier, fill, tell_unread
from runner.method.guessing import FactGuesses, PairGuesses
from runner.method.reading import Pair
from runner.method.refusals import is_form, is_refusal
from runner.model import Model


@component
class Fact:
    """Labels for each fact that serves the purpose."""

    asks: ClassVar[bool] = True
    version: ClassVar[int] = 2  # 2: backslashes, thinking, refusals and unfilled forms are read otherwise

    # The prompts are settings, so that a study can reword them without code. What each {name} means is in conf/method/fact.yaml.
    facts_prompt: str
    filter_prompt: str
    pairs_prompt: str
    pairs: PositiveInt = 5  # in one request
    reply_tokens: PositiveInt = 2000
    longest: PositiveInt = 400  # characters of an answer
    again: NonNegativeInt = 2  # retries if a reply cannot be read

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write `scale` labels, rounded up, for each relevant fact."""
        tally = Tally("facts")
        read = {fact.text: fact for fact in material.facts}
        stated = self._list_facts(material, [*read.values()], teacher, tally)
        facts = self._filter_irrelevant(stated, material.purpose, teacher, tally)
        sections = {section.id: section for section in material.sections}

        def prompt(unit: Unit[AtomicFact]) -> str:
            # The section goes with the fact, since a fact alone often does not say enough to ask about.
            text = sections[unit.source.section].text
            return fill(self.pairs_prompt, fact=unit.source.text, text=text, pairs=self.pairs, earlier=earlier(unit.labels))

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

        requests = Pairs[AtomicFact](teacher, self.pairs, self.reply_tokens, self.longest, self.again)
        labelling = requests.gather([Unit(fact) for fact in facts], scale, prompt, place)
        ledgers = (*_reading(material.facts, read), tally.close(), *labelling.ledgers)
        return replace(labelling, facts=tuple(facts), ledgers=ledgers)

    def guesses(self) -> Guesses:
        """Return the likely replies of a teacher, for a forecast."""
        return FactGuesses(self.facts_prompt, self.filter_prompt, PairGuesses(self.pairs_prompt, self.pairs))

    def _list_facts(self, material: Material, read: list[AtomicFact], teacher: Model, tally: Tally) -> list[AtomicFact]:
        """Ask for the facts of every section (step 1).

        Nothing is asked about sections whose facts were read. A fact that several sections state is kept once, with the first
        of them.
        """
        done = {fact.section for fact in read}
        sections = [section for section in material.sections if section.id not in done]
        inquiries = [
            Inquiry(fill(self.facts_prompt, title=section.title, heading=section.heading, text=section.text))
            for section in sections
        ]
        facts = {fact.text: fact for fact in read}  # in the order in which they were stated
        tally.requested += len(facts)
        readings = ask(teacher, inquiries, str, self.reply_tokens, self.again)
        tell_unread(teacher, "facts", readings)
        for section, reading in zip(sections, readings, strict=True):
            # How many facts an unreadable part held cannot be known. It counts as one, so that it is seen in the ledger.
            tally.requested += len(reading.entries) + bool(reading.fault)
            tally.again += reading.retries
            if reading.fault:
                tally.failed[reading.fault] += 1
            for text in (entry.strip() for entry in reading.entries):
                if reason := _reason_to_drop(text, facts):
                    tally.filtered[reason] += 1
                else:
                    facts[text] = AtomicFact(section=section.id, text=text, category=section.category)
        return list(facts.values())

    def _filter_irrelevant(self, facts: list[AtomicFact], purpose: str, teacher: Model, tally: Tally) -> list[AtomicFact]:
        """Drop facts that do not serve the purpose: step 2.

        A corpus without a purpose keeps all facts, and nothing is asked.
        """
        if not purpose:
            tally.kept = len(facts)
            return facts
        # One request for each section: the numbers of a long list of facts are easily confused.
        by_section: dict[str, list[AtomicFact]] = {}
        for fact in facts:
            by_section.setdefault(fact.section, []).append(fact)
        inquiries = []
        for section_facts in by_section.values():
            numbered = "\n".join(f"{n}. {fact.text}" for n, fact in enumerate(section_facts, 1))
            inquiries.append(Inquiry(fill(self.filter_prompt, purpose=purpose, facts=numbered), most=len(section_facts)))
        kept = []
        readings = ask(teacher, inquiries, int, self.reply_tokens, self.again)
        tell_unread(teacher, "numbers of facts", readings)
        for section_facts, reading in zip(by_section.values(), readings, strict=True):
            tally.again += reading.retries
            # Half of a verdict is none: a number that is missing may have been lost, or may mean that a fact is irrelevant.
            if reading.fault:
                tally.failed[f"relevance: {reading.fault}"] += len(section_facts)
                continue
            chosen = [fact for number, fact in enumerate(section_facts, 1) if number in reading.entries]
            tally.filtered["irrelevant"] += len(section_facts) - len(chosen)
            kept += chosen
        tally.kept = len(kept)
        return kept


def _reason_to_drop(text: str, facts: Container[str]) -> str:
    """Return the reason to drop a fact, or nothing."""
    if not text:
        return "empty"
    if is_form(text):
        return "form without content"
    if is_refusal(text):
        return "refusal"
    return "duplicate" if text in facts else ""


def _reading(facts: Sequence[AtomicFact], kept: Mapping[str, AtomicFact]) -> list[Ledger]:
    """Account for the facts that were read from files."""
    if not facts:
        return []
    repeated = len(facts) - len(kept)
    filtered = {"duplicate": repeated} if repeated else {}
    return [Ledger(stage="facts read from files", requested=len(facts), kept=len(kept), filtered=filtered)]
