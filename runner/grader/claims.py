"""Claims: a text and wanted terms in, the places where the text says that this is the answer out."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.grader.dates import Date
from runner.grader.denial import denied
from runner.grader.find import Manner, Place, places, scattered
from runner.grader.names import goes_on, named, surname
from runner.grader.quantities import Quantity
from runner.grader.questions import Asked
from runner.grader.reading import read
from runner.grader.spelling import IRREGULAR, LITTLE, stem
from runner.grader.terms import Term, Text
from runner.grader.values import Number


@dataclass(frozen=True)
class Answered:
    """An answer, with the question and all its references."""

    text: Text
    question: Asked
    references: tuple[str, ...]

    def claims(self, wanted: Sequence[Term], exact: bool, whole: Sequence[Term] = ()) -> bool:
        """Return True if the text claims the wanted terms.

        The `whole` reference may have further terms, such as the noun that a wanted number counts.
        """
        spots = places(self.text, wanted, Manner(exact, self.question.year, self.question.stems))
        left_out = whole[len(wanted) :] if tuple(whole[: len(wanted)]) == tuple(wanted) else ()
        if left_out and all(stem(term.word) in self.question.stems for term in left_out):
            # Central Europe is not Central Germany, which a question about Germany may call Central.
            spots = [spot for spot in spots if not goes_on(self.text, spot[1])]
        if not spots and self.question.person:
            spots = named(self.text, wanted)
        return any(not self._counts_another(spot, wanted, whole[1:]) and self._claimed(spot) for spot in spots)

    def claims_loosely(self, wanted: Sequence[Term]) -> bool:
        """Return True for claimed words in any order.

        Of a person the last name is enough.
        A reference that is there as it stands, but denied, is not looked for in this way.
        """
        if places(self.text, wanted):
            return False
        spots = scattered(self.text, wanted, Manner(fixed=self.question.stems))
        if self.question.who:
            spots += surname(self.text, wanted, self.question.stems)
        return any(map(self._claimed, spots))

    def may_have(self, reference: str) -> bool:
        """Return False, quickly, if no word is there."""
        letters = self.text.letters
        return any(
            term.values or term.word in IRREGULAR or term.word.replace("'", "")[:3] in letters or stem(term.word)[:3] in letters
            for term in read(reference).terms
            if term.word not in LITTLE
        )

    def _claimed(self, spot: Place) -> bool:
        first, last = self.text.terms[spot[0]], self.text.terms[spot[1] - 1]
        if self._dated_otherwise(first):
            return False
        return not denied(self.text.source, (first.start, last.end), self._mentions, self.question.negative, self.question.choice)

    def _mentions(self) -> list[tuple[int, int]]:
        """Return the places, in characters, of all references."""
        parts = [part for reference in self.references for part in (reference, *reference.split(" or ")) if part.strip()]
        return [
            (self.text.terms[first].start, self.text.terms[last - 1].end)
            for part in dict.fromkeys(parts)
            if self.may_have(part)
            for first, last in places(self.text, read(part).terms)
        ]

    def _counts_another(self, spot: Place, wanted: Sequence[Term], rest: Sequence[Term]) -> bool:
        """Return True for a number that counts something else.

        217 metres are not 217 steps, and two latches are not two flip-flops.
        """
        given = self.text.terms[spot[0]]
        if len(wanted) > 1 or spot[1] - spot[0] > 1 or not wanted[0].values or not given.values:
            return False
        kinds = isinstance(wanted[0].values[0], Quantity), isinstance(given.values[0], Quantity)
        if kinds == (False, True) and isinstance(wanted[0].values[0], Number):
            # "16 bits" are not 16 entries, but 16 years may be "16 or older".
            return self.question.counts_things or any(term.raw.islower() and term.raw.endswith("s") for term in rest[-1:])
        if not rest and kinds != (True, False):
            return False
        if spot[1] == len(self.text.terms):
            return False
        # A plain word directly behind the number is what it counts.
        after, *later = self.text.terms[spot[1] : spot[1] + 2]
        if any(stem(term.word) == stem(wanted[0].raw.split()[-1].casefold()) for term in later):
            return False  # 14 clock cycles
        counted = self.text.gap(spot[1]) == " " and after.raw.isalpha() and after.raw.islower()
        return counted and after.word not in LITTLE and stem(after.word) not in self.question.stems

    def _dated_otherwise(self, given: Term) -> bool:
        """Return True for another date in a reference's year."""
        readings = [value for value in given.values if isinstance(value, Date)]
        values = [value for reference in self.references for term in read(reference).terms for value in term.values]
        years = {reading.year for reading in readings}
        dates = [value for value in values if isinstance(value, Date) and value.year in years]
        return bool(dates) and not any(reading.agrees(other) for reading in readings for other in dates)
