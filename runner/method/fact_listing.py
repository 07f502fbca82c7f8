"""Requests for facts: sections in, the facts that serve a purpose out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runner.data.records import AtomicFact, Section
from runner.data.refusals import is_form, is_refusal
from runner.data.templates import fill
from runner.data.text import count
from runner.method.asking import Inquiry, Tally, ask, tell_unread
from runner.method.repeated_facts import FactList
from runner.method.templates import named, numbered
from runner.model import Model


@dataclass(frozen=True)
class FactListing:
    """The requests that list facts and filter them.

    `tokens` limits a reply. One that can't be read is asked for up to `again` times more.
    """

    facts_prompt: str
    filter_prompt: str
    tokens: int
    again: int

    def add(self, sections: Sequence[Section], facts: FactList, teacher: Model, tally: Tally) -> None:
        """Ask for the facts of sections, and add them."""
        inquiries = [
            # A section states no more facts than it has words.
            Inquiry(fill(self.facts_prompt, **named(section), text=section.text), entries=count(section.text))
            for section in sections
        ]
        readings = ask(teacher, inquiries, str, self.tokens, self.again)
        tell_unread(teacher, "facts", readings)
        for section, reading in zip(sections, readings, strict=True):
            # How many facts an unreadable part held cannot be known. It counts as one, so that it is seen in the ledger.
            tally.requested += len(reading.entries) + bool(reading.fault)
            tally.again += reading.retries
            if reading.fault:
                tally.failed[reading.fault] += 1
            for text in (entry.strip() for entry in reading.entries):
                if reason := _reason_to_drop(text):
                    tally.filtered[reason] += 1
                elif not facts.add(AtomicFact(section=section.id, text=text, category=section.category)):
                    tally.filtered["duplicate"] += 1

    def relevant(
        self,
        facts: Sequence[Sequence[AtomicFact]],
        sections: Mapping[str, Section],
        purpose: str,
        teacher: Model,
        tally: Tally,
    ) -> list[AtomicFact]:
        """Drop facts that do not serve the purpose.

        The facts come by section. A corpus without a purpose keeps all, and nothing is asked.
        """
        if not purpose:
            tally.kept += sum(map(len, facts))
            return [fact for section_facts in facts for fact in section_facts]
        # One request for each section: the numbers of a long list of facts are easily confused.
        inquiries = []
        for section_facts in facts:
            listed = numbered([fact.text for fact in section_facts])
            request = fill(self.filter_prompt, **named(sections[section_facts[0].section]), purpose=purpose, facts=listed)
            inquiries.append(Inquiry(request, most=len(section_facts)))
        kept = []
        readings = ask(teacher, inquiries, int, self.tokens, self.again)
        tell_unread(teacher, "numbers of facts", readings)
        for section_facts, reading in zip(facts, readings, strict=True):
            tally.again += reading.retries
            # Half of a verdict is none: a number that is missing may have been lost, or may mean that a fact is irrelevant.
            if reading.fault:
                tally.failed[f"relevance: {reading.fault}"] += len(section_facts)
                continue
            chosen = [fact for number, fact in enumerate(section_facts, 1) if number in reading.entries]
            tally.filtered["irrelevant"] += len(section_facts) - len(chosen)
            kept += chosen
        tally.kept += len(kept)
        return kept


def by_section(facts: Iterable[AtomicFact]) -> list[list[AtomicFact]]:
    """Group facts by section, in order."""
    groups: dict[str, list[AtomicFact]] = {}
    for fact in facts:
        groups.setdefault(fact.section, []).append(fact)
    return list(groups.values())


def _reason_to_drop(text: str) -> str:
    """Return the reason to drop a statement, or nothing."""
    if not text:
        return "empty"
    if is_form(text):
        return "form without content"
    return "refusal" if is_refusal(text) else ""
