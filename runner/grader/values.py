"""Values of terms: numbers, quantities, dates, times and ranges, and when two are the same."""

from fractions import Fraction
from typing import NamedTuple

from runner.grader.dates import Date, Time
from runner.grader.quantities import Quantity


class Number(NamedTuple):
    """A number without a unit."""

    value: Fraction
    ordinal: bool = False


class Range(NamedTuple):
    """Two amounts that belong together: limits, or a score."""

    first: Number | Quantity
    last: Number | Quantity


_YEARS = 1000
Value = Number | Quantity | Date | Time | Range


def same(wanted: Value, given: Value, year_known: bool = False) -> bool:
    """Return True if a given value is the wanted one. A number alone is enough where a quantity is wanted."""
    match wanted, given:
        case Number(), Number():
            # Three is not the third, but the fourteenth may be written as 14.
            return wanted.value == given.value and (wanted.ordinal or not given.ordinal)
        case Quantity(), Quantity():
            return wanted.equals(given)
        case Number(), Quantity():
            return wanted.value in (given.number, given.plain) and not wanted.ordinal
        case Quantity(), Number():
            return given.value in (wanted.number, wanted.plain) and not given.ordinal
        case Date(), Date():
            return given.holds(wanted, year_known)
        case Number(), Date():
            return wanted.value == given.year
        case Number(), Range():
            # A year may be an end of a time: 1945 in 1939-45. 4 is not in 4-2.
            return wanted.value >= _YEARS and any(isinstance(end, Number) and end.value == wanted.value for end in given)
        case Time(), Time():
            return wanted == given
        case Range(), Range():
            return same(wanted.first, given.first) and same(wanted.last, given.last)
    return False
