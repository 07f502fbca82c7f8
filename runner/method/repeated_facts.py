"""Facts in, the same without repetitions out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

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
        self._sections, self._facts, self._same = sections, list[AtomicFact](), dict[str, _Same]()
        self._names = cache(lambda section: _words(f"{section.document} {section.title} {section.heading}"))

    def __iter__(self) -> Iterator[AtomicFact]:
        """Yield the facts."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self._facts)

    def add(self, fact: AtomicFact) -> bool:
        """Add a fact; return False if it is a repetition."""
        section = self._sections[fact.section]
        same = self._same.setdefault(fact.text, _Same(_words(fact.text)))
        named = same.words & self._names(section)
        # Those that are there hold the same names: one with others is a repetition, and so is one with any in the same document.
        if same.sections and (
            named != same.named or section.id in same.sections or (named and section.document in same.documents)
        ):
            return False
        same.named = named
        same.sections.add(section.id)
        same.documents.add(section.document)
        self._facts.append(fact)
        return True


@dataclass
class _Same:
    """Different facts of equal words: where they stand."""

    words: frozenset[str]
    named: frozenset[str] = frozenset()  # words of section names among them, the same for each
    sections: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[^\W_]+", plain(text)) if not _COMMON.fullmatch(word))
