"""Values say the same, or do not."""

from fractions import Fraction

import pytest

from runner.grader.dates import Date, Time
from runner.grader.quantities import Quantity, units
from runner.grader.values import Number, Range, Value, same

VOLTS = Quantity(Fraction(3), units("V"))


@pytest.mark.parametrize(
    ("wanted", "given", "right"),
    [
        (Number(Fraction(3)), Number(Fraction(3)), True),
        (Number(Fraction(3)), Number(Fraction(3), True), False),  # three is not the third
        (Number(Fraction(14), True), Number(Fraction(14)), True),  # Louis XIV is Louis 14
        (VOLTS, Number(Fraction(3)), True),
        (Number(Fraction(3)), VOLTS, True),
        (Number(Fraction(1, 2)), Quantity(Fraction(50), units("%")), True),
        (Number(Fraction(1874)), Date(1874, 6, 3), True),
        (Number(Fraction(1945)), Range(Number(Fraction(1939)), Number(Fraction(1945))), True),
        (Number(Fraction(4)), Range(Number(Fraction(4)), Number(Fraction(2))), False),
        (Range(Number(Fraction(4)), Number(Fraction(2))), Range(Number(Fraction(2)), Number(Fraction(4))), False),
        (Time(900), Time(900), True),
        (Time(900), VOLTS, False),
    ],
)
def test_values_are_compared(wanted: Value, given: Value, right: bool) -> None:
    assert same(wanted, given) is right
