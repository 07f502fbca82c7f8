"""Fact-based labels: sections to atomic facts, facts filtered by purpose, then k pairs a fact (arXiv 2404.00213)."""

from dataclasses import replace
from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Fact as Statement
from runner.data.records import Label, Labelling, Material
from runner.method.asking import Account, Pairs, Unit, ask, earlier, fill
from runner.method.guessing import FactGuesses, PairGuesses
from runner.method.reading import Pair
from runner.model import Model


@component
class Fact:
    """Asks for a section's facts, then which of them serve the purpose, then for pairs on each that does."""

    asks: ClassVar[bool] = True

    facts_prompt: str
    filter_prompt: str
    pairs_prompt: str
    pairs: PositiveInt = 5
    reply_tokens: PositiveInt = 2000
    longest: PositiveInt = 400
    again: NonNegativeInt = 2

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """`scale` labels, rounded up, for each fact that serves the purpose."""
        account = Account("facts")
        found = self._facts(material, teacher, account)
        facts = self._relevant(found, material.purpose, teacher, account)
        sections = {section.id: section for section in material.sections}

        def prompt(unit: Unit[Statement]) -> str:
            text = sections[unit.source.section].text
            return fill(self.pairs_prompt, fact=unit.source.text, text=text, pairs=self.pairs, earlier=earlier(unit.labels))

        def place(unit: Unit[Statement], pair: Pair) -> tuple[Label, float]:
            label = Label(
                question=pair.question,
                answer=pair.answer,
                method="fact",
                section=unit.source.section,
                category=unit.source.category,
                fact=unit.source.text,
                round=unit.asked,
                origin=teacher.name,
                position=unit.position,
            )
            return label, 1

        asking = Pairs[Statement](teacher, self.pairs, self.reply_tokens, self.longest, self.again)
        labelling = asking.gather([Unit(fact) for fact in facts], scale, prompt, place)
        return replace(labelling, facts=tuple(facts), ledgers=(account.close(), *labelling.ledgers))

    def guesses(self) -> Guesses:
        """Replies as a teacher might give them, for a preview."""
        return FactGuesses(self.facts_prompt, self.filter_prompt, PairGuesses(self.pairs_prompt, self.pairs))

    def _facts(self, material: Material, teacher: Model, account: Account) -> list[Statement]:
        """Every statement that the sections make, each once; a section with a reply that can't all be read counts one failed."""
        texts = [
            fill(self.facts_prompt, title=section.title, heading=section.heading, text=section.text)
            for section in material.sections
        ]
        found: dict[str, Statement] = {}
        readings = ask(teacher, texts, str, self.reply_tokens, self.again)
        for section, reading in zip(material.sections, readings, strict=True):
            account.requested += len(reading.entries) + bool(reading.fault)
            account.again += reading.again
            if reading.fault:
                account.failed[reading.fault] += 1
            for text in (entry.strip() for entry in reading.entries):
                if not text or text in found:
                    account.filtered["duplicate" if text else "empty"] += 1
                else:
                    found[text] = Statement(section=section.id, text=text, category=section.category)
        return list(found.values())

    def _relevant(self, found: list[Statement], purpose: str, teacher: Model, account: Account) -> list[Statement]:
        """The facts that serve the purpose; all of them where the corpus states none."""
        if not purpose:
            account.kept = len(found)
            return found
        by_section: dict[str, list[Statement]] = {}
        for fact in found:
            by_section.setdefault(fact.section, []).append(fact)
        texts = [
            fill(
                self.filter_prompt,
                purpose=purpose,
                facts="\n".join(f"{n}. {fact.text}" for n, fact in enumerate(facts, 1)),
            )
            for facts in by_section.values()
        ]
        kept = []
        readings = ask(teacher, texts, int, self.reply_tokens, self.again)
        for facts, reading in zip(by_section.values(), readings, strict=True):
            account.again += reading.again
            if reading.fault:
                account.failed[f"relevance: {reading.fault}"] += len(facts)
                continue
            chosen = [fact for number, fact in enumerate(facts, 1) if number in reading.entries]
            account.filtered["irrelevant"] += len(facts) - len(chosen)
            kept += chosen
        account.kept = len(kept)
        return kept
