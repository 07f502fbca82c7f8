"""Ranges: terms in, the same terms with two joined amounts as one out."""

import re

from runner.grader.quantities import Quantity
from runner.grader.terms import Term
from runner.grader.values import Number, Range

_JOINED = re.compile(
    r"\s?(?:-|:|\.\.\.?|~|\bto\b|\bdown ?to\b|\bup to\b|\btill\b|\buntil\b|\bthrough\b|\bthru\b)\s?(?:up |down )?(?:to )?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
_SEASON = re.compile(r"\d{4}/\d\d")
_MOST = 3  # terms from one end to the other: "up to" is two words


def with_ranges(source: str, terms: list[Term]) -> list[Term]:
    """Join amounts with a dash or "to" between them."""
    joined: list[Term] = []
    for term in terms:
        for back in range(1, min(_MOST, len(joined)) + 1) if _is_amount(term) else ():
            first = joined[-back]
            if _is_amount(first) and _joins(source, first, term) and (made := _range(first, term)):
                joined[-back:] = [made]
                break
        else:
            joined.append(term)
    return joined


def _joins(source: str, first: Term, last: Term) -> bool:
    """Return True if the text joins two amounts."""
    between = source[first.end : last.start]
    opened = _BETWEEN.search(source[max(first.start - 10, 0) : first.start])
    return bool(
        _JOINED.fullmatch(between)
        or (opened and between.strip().lower() == "and")
        or (between == "/" and _SEASON.fullmatch(source[first.start : last.end]))
    )


def _is_amount(term: Term) -> bool:
    """Return True for a number in digits."""
    if not term.values or term.raw[0].isalpha():
        return False
    value = term.values[0]
    return isinstance(value, Quantity) or (isinstance(value, Number) and not value.ordinal)


def _range(first: Term, last: Term) -> Term | None:
    """Return the term of a range; a unit of one end holds for both."""
    low, high = first.values[0], last.values[0]
    match low, high:
        case Number(), Quantity():
            low = Quantity(low.value, high.units)
        case Quantity(), Number():
            high = Quantity(high.value, low.units)
        case Number(), Number() if re.fullmatch(r"\d{4}", first.raw) and re.fullmatch(r"\d\d", last.raw):
            high = Number(low.value // 100 * 100 + high.value)  # 1951-52
    if not isinstance(low, Number | Quantity) or not isinstance(high, Number | Quantity):
        return None
    return Term(f"{first.raw}-{last.raw}", f"{first.word}-{last.word}", first.start, last.end, (Range(low, high),), first.symbols)
