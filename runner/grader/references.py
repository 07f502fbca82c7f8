"""References: a reference and its question in, the forms in which an answer may give it out."""

import re
from collections.abc import Iterator
from functools import lru_cache

from runner.grader.quantities import Quantity
from runner.grader.questions import asked
from runner.grader.reading import read
from runner.grader.spelling import LITTLE, TITLES, stem
from runner.grader.terms import Term
from runner.grader.values import Number, Range

_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_QUOTED = re.compile(r"(?<=\w )\"[^\"]+\"(?= \w)")
_HEXADECIMAL = re.compile(r"(?=.*\d)[\da-f]*[a-f][\da-f]*", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z][A-Z\d]+")
_PARTS = re.compile(r"\s*(?:,|;|\s&\s|\n|\band\b)\s*(?:\band\b\s*)?")
_LONGEST_ITEM = 5  # words in an item of a list


@lru_cache(maxsize=4096)
def forms(reference: str, question: str) -> tuple[tuple[Term, ...], ...]:
    """Return the forms of which an answer must have one."""
    different: dict[tuple[str, ...], tuple[Term, ...]] = {}
    for text in _texts(reference, question):
        terms = tuple(read(text).terms)
        for form in (terms, *_shorter(terms, question)):
            if form:
                different.setdefault(tuple(term.raw for term in form), form)
    return tuple(different.values())


def _texts(reference: str, question: str) -> Iterator[str]:
    """Yield a reference without brackets, and its alternatives."""
    yield reference
    if (bracket := _BRACKET.search(reference)) and _BRACKET.sub("", reference).strip():
        outside = _BRACKET.sub("", reference).strip()
        yield outside
        if reference.rstrip().endswith(")"):
            if _ACRONYM.fullmatch(bracket[1]):
                yield bracket[1]
        else:
            # Hans (Johannes) Vik is Johannes Vik too.
            yield re.sub(r"\S+\s*\(([^()]*)\)", r"\1", reference, count=1)
    if _HEXADECIMAL.fullmatch(reference.strip()):
        yield f"0x{reference.strip()}"
    if _QUOTED.search(reference):
        yield _QUOTED.sub("", reference)
    if asked(question).where and reference.count(",") in (1, 2) and not re.search(r"\d| and ", reference):
        yield reference.partition(",")[0]
    if " or " in reference and not re.search(r"\d", reference):
        yield from reference.split(" or ")


def _shorter(terms: tuple[Term, ...], question: str) -> Iterator[tuple[Term, ...]]:
    """Yield a reference without what need not be said.

    That is little words in front, titles, a counted noun and the question's words.
    """
    start = 0
    while start < len(terms) - 1 and terms[start].word in LITTLE and terms[start].raw.islower() and not terms[start + 1].symbols:
        start += 1
    core = terms[start:]
    yield core
    if len(core) > 2 and core[0].word in TITLES:
        yield core[1:]
    if len(core) > 2 and core[-1].word in {"junior", "senior"}:
        yield core[:-1]
        if core[0].word in TITLES:
            yield core[1:-1]
    if core and core[0].values and isinstance(core[0].values[0], Number | Quantity | Range) and _nouns(core[1:]):
        yield core[:1]
    if question:
        left = tuple(term for term in core if stem(term.word) not in asked(question).stems and term.word not in LITTLE)
        # What is left must still be able to tell right from wrong.
        if left and left != core and (len(left) > 1 or len(left[0].word) > 3 or left[0].values) and _ends(core, left):
            yield left


def _nouns(terms: tuple[Term, ...]) -> bool:
    """Return True for one or two plain words."""
    return 0 < len(terms) <= 2 and all(term.raw.isalpha() and term.raw.islower() and not term.values for term in terms)


def _ends(core: tuple[Term, ...], left: tuple[Term, ...]) -> bool:
    """Return True if an end was left out.

    Luzhniki is Luzhniki Stadium. Words in front are left out only before a number: Chapter XII, rev B2.
    """
    numbered = any(term.values or term.raw.isdecimal() for term in left)
    # A plain word that is left may mean anything: "question" for question mark.
    if not numbered and all(term.raw.islower() for term in left):
        return False
    return left == core[: len(left)] or (numbered and left == core[-len(left) :])


@lru_cache(maxsize=4096)
def items(reference: str) -> tuple[tuple[Term, ...], ...]:
    """Return the items of a reference that is a list; none for another one."""
    parts = [tuple(read(part).terms) for part in _PARTS.split(reference)]
    parts = [part for part in parts if part]
    whole = read(reference).terms
    # A comma within a date or a number separates no items.
    if len(parts) < 2 or sum(map(len, parts)) > len(whole) or any(len(part) > _LONGEST_ITEM for part in parts):
        return ()
    return tuple(_stripped(part) for part in parts)


def _stripped(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Remove little words in front."""
    place = 0
    while place < len(terms) - 1 and terms[place].word in LITTLE and terms[place].raw.islower():
        place += 1
    return terms[place:]
