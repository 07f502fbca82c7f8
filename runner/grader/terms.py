"""Terms of a text: words, identifiers and values, each with its place."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from runner.grader.values import Value


class Term(NamedTuple):
    """A word or a value, with its place."""

    raw: str  # as it is written
    word: str  # the form in which words are compared
    start: int
    end: int
    values: tuple[Value, ...] = ()  # the readings of a number; none of a word
    symbols: frozenset[str] = frozenset()  # between this term and the one before it


@dataclass(frozen=True)
class Text:
    """A text in one form of characters, and its terms."""

    source: str
    terms: list[Term] = field(default_factory=list)

    @cached_property
    def letters(self) -> str:
        """Return the text in small letters without apostrophes."""
        return self.source.casefold().replace("'", "")

    def gap(self, place: int) -> str:
        """Return the characters before a term."""
        start = self.terms[place - 1].end if place else 0
        return self.source[start : self.terms[place].start]
