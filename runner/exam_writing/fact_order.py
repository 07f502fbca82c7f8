"""A corpus in, its facts in an exam's order out."""

from collections.abc import Iterator, Sequence

from runner.data.records import AtomicFact, Material, Section, digest
from runner.exam_writing.drawing import drawn
from runner.method.asking import Tally
from runner.method.fact_listing import FactListing, by_section
from runner.method.repeated_facts import FactList
from runner.model import Model

ENOUGH = 20  # sections in a row without a fact, after which no more are asked about


class FactOrder:
    """The facts that serve the purpose, in random order.

    They are listed as they are needed. Each section has its turn before any has a second. The order does not depend on how many
    are asked for.
    """

    def __init__(self, material: Material, listing: FactListing, examiner: Model, seed: int) -> None:
        """Begin without a request."""
        self._material, self._listing, self._examiner, self._seed = material, listing, examiner, seed
        self.tally = Tally("exam: facts")
        self._sections = {section.id: section for section in material.sections}
        self._every = FactList(self._sections)
        self._drawn = dict[str, list[AtomicFact]]()  # by section
        self._wanted, self._without = 0, 0
        self._left = self._in_turns()

    def take(self, count: int) -> list[AtomicFact]:
        """Return the next facts; fewer where no more are left."""
        taken: list[AtomicFact] = []
        while len(taken) < count:
            self._wanted = count - len(taken)
            fact = next(self._left, None)
            if fact is None:
                break
            taken.append(fact)
        return taken

    def _in_turns(self) -> Iterator[AtomicFact]:
        sections, turn = drawn(self._material.sections, self._seed), 0
        while sections:
            for place, section in enumerate(sections):
                if section.id not in self._drawn and self._without < ENOUGH:
                    # As many sections at once as facts are wanted, since hosts answer many requests at once.
                    self._list(sections[place : place + self._wanted])
                yield from self._drawn.get(section.id, [])[turn : turn + 1]
            turn += 1
            sections = [section for section in sections if len(self._drawn.get(section.id, [])) > turn]

    def _list(self, sections: Sequence[Section]) -> None:
        """List the facts of sections that have none yet."""
        before, ids = len(self._every), {section.id for section in sections}
        read = [fact for fact in self._material.facts if fact.section in ids]
        self.tally.requested += len(read)
        self.tally.filtered["duplicate"] += sum(not self._every.add(fact) for fact in read)
        done = {fact.section for fact in read}
        self._listing.add([section for section in sections if section.id not in done], self._every, self._examiner, self.tally)
        new = by_section([*self._every][before:])
        relevant = self._listing.relevant(new, self._sections, self._material.purpose, self._examiner, self.tally)
        self._drawn |= {section.id: [] for section in sections}
        for fact in sorted(relevant, key=lambda fact: digest([self._seed, fact.text])):
            self._drawn[fact.section].append(fact)
        # An examiner that refuses, or that can't be read, would be paid for every section of the corpus.
        self._without = 0 if new else self._without + len(sections)
