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
# Two words and what is said of them: Ada Vik, who led the team; Old Mill in Moss.
_EXPLAINED = re.compile(
    r"(\S+(?: \S+)+?)"
    r"(?:,? (?:who|which|that|where) (?:is|was|were|are|has|had|\w+ed)\b| (?:in|at|near|on|by|as) (?:the )?[A-Z])"
)
_HEXADECIMAL = re.compile(r"(?=.*\d)[\da-f]*[a-f][\da-f]*", re.IGNORECASE)
_ACRONYM = re.compile(r"(?!NO$)[A-Z][A-Z\d]+")  # nitric oxide (NO): "No." is no answer to what it is
_TWO_NAMES = re.compile(r"\W*([^()]*[^()\s])\s*\(([^()]+)\)\W*")
_SHORT = re.compile(r"(?!NO$)(?=(?:.*[A-Z]){2})[A-Za-z\d]+")
# These words have no letter in some abbreviations: Department of Energy is DOE and DE.
_LETTERLESS = {"a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with"}
_PARTS = re.compile(r"\s*(?:,|;|\s&\s|\n|\band\b)\s*(?:\band\b\s*)?")
_LONG_WORD = 7  # letters
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


def names(reference: str) -> tuple[str, ...]:
    """Return an abbreviation and its name, one in brackets."""
    if pair := _TWO_NAMES.fullmatch(reference):
        for short, name in (pair.groups(), pair.groups()[::-1]):
            if _abbreviates(short, name):
                return short, name
    return ()


def _abbreviates(short: str, name: str) -> bool:
    """Return True if letters are the initials of words."""
    words = re.findall(r"\w+", name)
    letters = "".join(word[0] + "?" * (word.lower() in _LETTERLESS) for word in words)
    return bool(_SHORT.fullmatch(short) and re.fullmatch(letters, short, re.IGNORECASE))


def _texts(reference: str, question: str) -> Iterator[str]:
    """Yield a reference without brackets, and its alternatives."""
    yield reference
    outside = _BRACKET.sub("", reference).strip()
    # (0,2) and (5,2) has nothing outside of its brackets that an answer could be told by.
    if (bracket := _BRACKET.search(reference)) and any(term.word not in LITTLE for term in read(outside).terms):
        yield outside
        if reference.rstrip().endswith(")"):
            if _ACRONYM.fullmatch(bracket[1]):
                yield bracket[1]
        else:
            # Hans (Johannes) Vik is Johannes Vik too.
            yield re.sub(r"\S+\s*\(([^()]*)\)", r"\1", reference, count=1)
    if _HEXADECIMAL.fullmatch(reference.strip()):
        yield f"0x{reference.strip()}"
    if explained := _EXPLAINED.match(reference):
        yield explained[1]
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
    core = _stripped(terms)
    yield core
    if len(core) > 2 and core[0].word in TITLES and core[1].raw[0].isupper():
        yield core[1:]
    if len(core) > 2 and core[-1].word in {"junior", "senior"}:
        yield core[:-1]
        if core[0].word in TITLES:
            yield core[1:-1]
    if core and _counts(core[0]) and _nouns(core[1:]):
        yield core[:1]
    if len(core) == 2 and core[1].raw.isalpha() and (value := _number(core[0])) and value.ordinal:
        # The fourth season is season 4.
        yield core[1], core[0]._replace(values=(Number(value.value),))
    if question:
        left = tuple(term for term in core if stem(term.word) not in asked(question).stems and term.word not in LITTLE)
        # What is left must still be able to tell right from wrong.
        if left and left != core and (len(left) > 1 or len(left[0].word) > 3 or left[0].values) and _ends(core, left):
            yield left


def _number(term: Term) -> Number | None:
    """Return the number of a term without a unit."""
    value = term.values[0] if term.values else None
    return value if isinstance(value, Number) else None


def _counts(term: Term) -> bool:
    """Return True for a number or an amount; the first is none."""
    if (number := _number(term)) is not None:
        return not number.ordinal
    return bool(term.values) and isinstance(term.values[0], Quantity | Range)


def _nouns(terms: tuple[Term, ...]) -> bool:
    """Return True for one or two plain words."""
    return 0 < len(terms) <= 2 and all(term.raw.isalpha() and term.raw.islower() and not term.values for term in terms)


def _ends(core: tuple[Term, ...], left: tuple[Term, ...]) -> bool:
    """Return True if an end was left out.

    Luzhniki is Luzhniki Stadium. Words in front are left out only before a number, a name or a long word: Chapter XII.
    """
    numbered = any(term.values or term.raw.isdecimal() for term in left)
    # A plain word in front may mean anything: "question" for question mark. So may a short one: "loop" for phase-locked loop.
    plain = not numbered and all(term.raw.islower() for term in left)
    telling = plain and all(len(term.word) >= _LONG_WORD for term in left)  # computer simulations
    named = len(left) > 1 and all(term.raw[0].isupper() for term in left)  # US Electoral College
    return (not plain and left == core[: len(left)]) or ((numbered or telling or named) and left == core[-len(left) :])


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
    """Remove little words in front.

    A symbol behind such a word makes it a part of an expression: a + b.
    """
    place = 0
    while place < len(terms) - 1 and terms[place].word in LITTLE and terms[place].raw.islower() and not terms[place + 1].symbols:
        place += 1
    return terms[place:]
