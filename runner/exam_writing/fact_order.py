"""A corpus in, facts for exam and practice out."""

from collections.abc import Iterator, Sequence
from itertools import count as counting

from runner.data.records import AtomicFact, Material, Section, digest
from runner.exam_writing.drawing import drawn
from runner.method.asking import Tally
from runner.method.fact_listing import FactListing, by_section
from runner.method.repeated_facts import FactList
from runner.model import Model

ENOUGH = 20  # sections in a row without a fact, after which no more are asked about
SHARE = 4  # of so many facts of a section, the last one is for practice


class FactOrder:
    """The facts that serve the purpose, in random order.

    They are listed as they are needed. Each section has its turn before any has a second. The order does not depend on how many
    are asked for.

    Exam and practice share no fact, in other sizes of both neither, as long as the documents have enough facts for both. Of each
    section some facts are for practice. The exam takes them last. Practice takes them first, and then the exam's, from their end.
    """

    def __init__(self, material: Material, listing: FactListing, examiner: Model, seed: int) -> None:
        """Begin without a request."""
        self._material, self._listing, self._examiner, self._seed = material, listing, examiner, seed
        self.tally = Tally("exam: facts")
        self._sections = {section.id: section for section in material.sections}
        self._every = FactList(self._sections)
        self._drawn = dict[str, list[AtomicFact]]()  # by section
        self._wanted, self._without = 0, 0
        self._taken = set[AtomicFact]()
        self._exam, self._practice = self._for_exam(), self._for_practice()

    def take(self, count: int, practice: bool = False) -> list[AtomicFact]:
        """Return the next facts of exam or practice; fewer where no more are left."""
        taken: list[AtomicFact] = []
        while len(taken) < count:
            self._wanted = count - len(taken)
            fact = next(self._practice if practice else self._exam, None)
            if fact is None:
                break
            if fact not in self._taken:
                self._taken.add(fact)
                taken.append(fact)
        return taken

    def _for_exam(self) -> Iterator[AtomicFact]:
        yield from self._in_turns(practice=False)
        yield from self._in_turns(practice=True)

    def _for_practice(self) -> Iterator[AtomicFact]:
        yield from self._in_turns(practice=True)
        yield from reversed([*self._in_turns(practice=False)])

    def _in_turns(self, practice: bool) -> Iterator[AtomicFact]:
        """Yield the facts that are for practice, or the others."""
        sections = drawn(self._material.sections, self._seed)
        for turn in (turn for turn in counting() if (turn % SHARE == SHARE - 1) == practice):
            for place, section in enumerate(sections):
                if section.id not in self._drawn and self._without < ENOUGH:
                    # As many sections at once as facts are wanted, since hosts answer many requests at once.
                    self._list(sections[place : place + self._wanted])
                yield from self._drawn.get(section.id, [])[turn : turn + 1]
            sections = [section for section in sections if len(self._drawn.get(section.id, [])) > turn + 1]
            if not sections:
                return

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
