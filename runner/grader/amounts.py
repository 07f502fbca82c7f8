"""Amounts: a number and what follows it in, a term with the number's readings out."""

import re
from fractions import Fraction

from runner.grader.numbers import value_of
from runner.grader.quantities import NAME, Quantity, units
from runner.grader.terms import Term
from runner.grader.values import Number, Value

_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3}){1,9}(?![\d,])"  # 88,966
    r"|\d{1,3}(?: \d{3}){1,9}(?! ?\d)"  # 88 966
    r"|(?<![,\d])\d+,\d{1,2}(?![,\d]| ?\d)"  # 3,3
    r"|\d{1,3}/\d+(?![\d/])"  # 1/2
    r"|\d+)(?:\.\d+)?|(?<![\d.])\.\d+"
)
_EXPONENT = r"(?:(?:e[+-]?\d{1,2}| ?[x*] ?10\^-?\d{1,2})(?!\w))?"
AMOUNT = (
    r"(?P<currency>[$€£¥] ?)?"
    rf"(?P<number>(?:(?<![\w)\]])[-+])?(?:{_DIGITS}){_EXPONENT})"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?"
)
_FRACTION = re.compile(rf" ?-?({NAME}(?:(?: ?/ ?| per ){NAME})*)(?!\w)", re.IGNORECASE)
_UNIT = re.compile(rf" ?-?({NAME})(?!\w)", re.IGNORECASE)
# 1K, 1.5 m, 3bn
_MULTIPLE = re.compile(r"(?:[kmgb]| m|bn| bn)\b", re.IGNORECASE)
_MULTIPLES = {"k": (10**3, 2**10), "m": (10**6, 2**20), "g": (10**9, 2**30), "b": (10**9,), "bn": (10**9,)}
_HEXADECIMAL = re.compile(r"[\da-f]*h\b", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def amount(match: re.Match[str], source: str) -> Term:
    """Return a number with all its readings.

    64 KiB is a quantity, 1K is 1000 or 1024, and 40h is 40 hours or 0x40.
    """
    start, end, literal = match.start(), match.end(), match["number"]
    # A number within a name (BOOT0, I2C) is a part of a word: 00 is not 0. After small letters (in2013) only a space is missing.
    before = source[max(start - 2, 0) : start]
    named = bool(before) and bool(_LATIN.match(before[-1])) and not before.islower() and literal[0].isdigit()
    value = None if named else value_of(literal)
    if value is None:
        return Term(match[0], literal.casefold(), start, end)
    if match["ordinal"]:
        return Term(match[0], str(value), start, end, (Number(value, True),))
    values, stop = _with_unit(value, source, end)
    if multiple := _MULTIPLE.match(source, end):
        values += [Number(value * size) for size in _MULTIPLES[multiple[0].strip().lower()]]
        # A resistor of 10k has 10 kΩ.
        values += [Quantity(value, units(f"{multiple[0]}Ω"))] if multiple[0] in {"k", "M"} else []
        stop = max(stop, multiple.end())
    if match["currency"]:
        numbers = [number.value for number in values if isinstance(number, Number)] or [value]
        values = [Quantity(number, units(match["currency"].strip())) for number in numbers]
    elif (other := _HEXADECIMAL.match(source, end)) and (based := value_of(source[start : other.end()])) is not None:
        values.append(Number(based))
        stop = max(stop, other.end())
    return Term(source[start:stop], literal.casefold(), start, stop, tuple(values) or (Number(value),))


def _with_unit(value: Fraction, source: str, end: int) -> tuple[list[Value], int]:
    """Return a number with its unit, and the end."""
    for pattern in (_FRACTION, _UNIT):
        if (unit := pattern.match(source, end)) and (meanings := units(unit[1])):
            return [Quantity(value, meanings)], unit.end()
    return [], end
