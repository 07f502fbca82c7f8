"""Facts in, the same without repetitions out."""

import re
from collections.abc import Iterator, Mapping

from runner.data.records import AtomicFact, Section
from runner.data.text import plain

# Words of titles that name nothing.
_COMMON = re.compile("a|an|and|are|as|at|by|for|from|in|into|is|it|its|not|of|on|or|out|over|per|the|to|up|via|with")


class FactList:
    """Facts in the order in which they came, each once.

    Two sections may state different facts in the same words: "The FIFO is 64 bytes deep". They are one fact only if the words
    say what they are about: they hold a word that tells one section from the other (UART), or, within a document, any word
    of its title or headings.
    """

    def __init__(self, sections: Mapping[str, Section]) -> None:
        """Begin without a fact; `sections` are those of the corpus by id."""
        self._sections, self._facts, self._same = sections, list[AtomicFact](), dict[str, list[AtomicFact]]()

    def __iter__(self) -> Iterator[AtomicFact]:
        """Yield the facts."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self._facts)

    def add(self, fact: AtomicFact) -> bool:
        """Add a fact; return False if it is a repetition."""
        same = self._same.setdefault(fact.text, [])
        if any(self._is_repetition(fact, other) for other in same):
            return False
        same.append(fact)
        self._facts.append(fact)
        return True

    def _is_repetition(self, fact: AtomicFact, other: AtomicFact) -> bool:
        """Return True if two facts of equal words are one."""
        if fact.section == other.section:
            return True
        here, there = self._sections[fact.section], self._sections[other.section]
        telling = _names(here) | _names(there) if here.document == there.document else _names(here) ^ _names(there)
        return not telling.isdisjoint(_words(fact.text))


def _names(section: Section) -> set[str]:
    """Return the words of a section's names."""
    return _words(f"{section.document} {section.title} {section.heading}")


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", plain(text)) if not _COMMON.fullmatch(word)}
