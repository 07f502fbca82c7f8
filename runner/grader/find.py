"""Finding: a text and wanted terms in, the places where the text has them out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from runner.grader.quantities import Quantity
from runner.grader.spelling import LITTLE, singular, stem
from runner.grader.terms import Term, Text
from runner.grader.values import Number, same

Place = tuple[int, int]  # the first term and the one behind the last

# Letters of scripts with spaces between words.
_JOINED = re.compile(r"[A-Za-z\d_\u00c0-\u024f\u0370-\u058f]")
_CAPITALS = re.compile(r"[A-Z][A-Z\d]+$")
_FOOTNOTE = re.compile(r"\d{1,3}(?=[.,;\s]|$)")
_NEAR = 8  # other words between the words of a reference
_SYMBOLS = 3  # letters of a unit that is no word
_SHORTEST = 5  # letters of words that may be written as one
# A symbol before the first term may belong to the text around it ("x = 5"), so only these count there.
_FIRST, _PREFIXES = {"<", ">", "<=", ">=", "±"}, {*"!~&"}
_DENIAL = re.compile(r"\b(?:not|never|no|cannot|neither|nor|none|nobody|nothing)\b|n't\b", re.IGNORECASE)
# Two words in two clauses may belong to other words: "set by software and cleared by hardware" is not "cleared by software".
_CLAUSE = re.compile(rf"{_DENIAL.pattern}|\b(?:and|or|but|then|while)\b|[,;:.]\s", re.IGNORECASE)
# These words give their neighbours an order.
_ORDER = {"then", "before", "after", "from", "to", "than", "into", "and", "or", "not", "over", "above", "below"}


@dataclass(frozen=True)
class Manner:
    """The strictness with which terms are compared."""

    exact: bool = False  # numbers are compared as they are written, as versions are
    year_known: bool = False  # a date without its year is enough
    fixed: frozenset[str] = frozenset()  # stems of words of which only the wanted form is right


FREELY = Manner()


def places(text: Text, wanted: Sequence[Term], manner: Manner = FREELY) -> list[Place]:
    """Return the places of the wanted terms, in their order."""
    size = len(wanted)
    together = [
        (at, at + size)
        for at in range(len(text.terms) - size + 1 if wanted else 0)
        if all(alike(term, text.terms[at + step], manner, step > 0) for step, term in enumerate(wanted))
        and stands_alone(text, at, at + size)
        and not _listed(text, at, wanted)
        and _symbols_agree(text.terms[at : at + size], wanted)
    ]
    return together or _in_one_word(text, wanted)


def alike(wanted: Term, given: Term, manner: Manner = FREELY, inside: bool = False) -> bool:
    """Return True if two terms say the same.

    A name has no forms but the plural: Hauge is not Haug. A capital in front makes a name; `inside` a reference any capital does.
    """
    if wanted.values and given.values:
        if manner.exact and all(isinstance(term.values[0], Number) and term.raw[-1].isdigit() for term in (wanted, given)):
            return wanted.word == given.word
        if inside and given.raw.isupper() and given.raw.isalpha():
            # Chapter XII is Chapter 12, but a XII alone is no 12.
            numbers = [value.value for value in given.values if isinstance(value, Number)]
            return any(isinstance(value, Number) and value.value in numbers for value in wanted.values)
        return wanted.raw == given.raw or any(
            same(value, other, manner.year_known) for value in wanted.values for other in given.values
        )
    if wanted.word == given.word:
        return True
    # "One newton" names the unit, and where a unit is asked for, "10 newtons" does.
    value = given.values[0] if given.values else None
    if not wanted.values and isinstance(value, Quantity) and len(wanted.word) > _SYMBOLS:
        named = value.number == 1 or "unit" in manner.fixed
        return named and stem(wanted.word) == stem(given.raw.split()[-1].casefold())
    if wanted.values or given.values or not wanted.word.isalpha() or stem(wanted.word) in manner.fixed:
        return False
    if (wanted.raw[0].isupper() and given.raw[0].isupper()) or (inside and not wanted.raw.islower()):
        return singular(wanted.word) == singular(given.word)
    return stem(wanted.word) == stem(given.word)


def stands_alone(text: Text, first: int, last: int) -> bool:
    """Return True if no letter, digit or underscore adjoins."""
    start, end, source = text.terms[first].start, text.terms[last - 1].end, text.source
    before, after = source[max(start - 2, 0) : start], source[end : end + 2]
    # AHB-Lite is not AHB, and M0+ is not M0.
    if after[:1] == "-" and after[1:].isupper() and _CAPITALS.search(source, max(end - 9, 0), end):
        return False
    if after[:1] == "+" and not after[1:].isalnum() and re.search(r"[A-Za-z]\d$", source[max(end - 2, 0) : end]):
        return False
    if before and _JOINED.match(source[start]) and _JOINED.match(before[-1]) and not _runs_on(before, text.terms[first]):
        return False
    if not after or not _JOINED.match(after[0]) or not _JOINED.match(source[end - 1]):
        return True
    # The number of a footnote behind a plain word: "by Christopher Lloyd12."
    term = text.terms[last - 1]
    footnote = term.raw[-1].islower() and not term.values and _FOOTNOTE.match(source, end)
    return bool(footnote) or _runs_on(after, term)


def scattered(text: Text, wanted: Sequence[Term], manner: Manner = FREELY) -> list[Place]:
    """Return the places of all telling words in any order.

    They must stand close together. Names are not looked for: Ann Lee and Bo Ek are not Ann Ek and Bo Lee.
    """
    telling = [term for term in wanted if term.word not in LITTLE]
    names = all(term.raw[0].isupper() for term in telling) and len(telling) < 3
    decade = len(telling) == 2 and any(term.raw[0].isdigit() and term.raw[-1] == "s" for term in telling)  # mid-1970s
    if len(telling) < 2 or names or any(term.symbols or len(term.word) < 2 for term in wanted):
        return []
    spots = [
        [at for at, term in enumerate(text.terms) if alike(word, term, manner) and stands_alone(text, at, at + 1)]
        for word in telling
    ]
    if not all(spots):
        return []
    nearby = []
    for start in min(spots, key=len):
        chosen = [min((abs(at - start), at) for at in spot)[1] for spot in spots]
        first, last = min(chosen), max(chosen)
        between = text.source[text.terms[first].start : text.terms[last].end]
        turned = chosen != sorted(chosen) and any(term.word in _ORDER for term in wanted)
        apart = _CLAUSE.search(between) if len(telling) == 2 else _DENIAL.search(between)
        if decade and last > first + 1:
            continue
        if len({*chosen}) == len(telling) and last - first < len(telling) + _NEAR and not turned and not apart:
            nearby.append((first, last + 1))
    return nearby


def _runs_on(letters: str, term: Term) -> bool:
    """Return True for a number without its space: in2013after."""
    return len(letters) == 2 and letters.isalpha() and letters.islower() and term.raw.isdecimal() and bool(term.values)


def _in_one_word(text: Text, wanted: Sequence[Term]) -> list[Place]:
    """Return the places of words written as one: rearview, Xian."""
    target = "".join(term.word for term in wanted)
    if len(target) < _SHORTEST or any(term.values or not term.raw.isalnum() for term in wanted):
        return []
    together = []
    for at, term in enumerate(text.terms):
        built, last = "", at
        if term.values or not target.startswith(term.word[:3]):
            continue
        while last < len(text.terms) and len(built) < len(target) and text.terms[last].raw.isalnum():
            if last > at and "," in text.gap(last):
                break
            built, last = built + text.terms[last].word, last + 1
        if built == target and stands_alone(text, at, last):
            together.append((at, last))
    return together


def _listed(text: Text, at: int, wanted: Sequence[Term]) -> bool:
    """Return True for listed words: Introverted, Sensing, Thinking."""
    size = len(wanted)
    names = all(term.raw[0].isupper() for term in wanted)
    if not names or at + size >= len(text.terms) or "," not in text.gap(at + size):
        return False
    close = [step for step in range(1, size) if wanted[step].start - wanted[step - 1].end == 1]
    return any("," in text.gap(at + step) for step in close)


def _symbols_agree(given: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Return True unless symbols differ: x < 3 is not x > 3."""
    first, *rest = zip((term.symbols for term in given), (term.symbols for term in wanted), strict=True)
    pairs = [(first[0] & _FIRST, first[1] & _FIRST), *rest]
    return first[1] & _PREFIXES <= first[0] and all(not ours or not theirs or ours & theirs for ours, theirs in pairs)
