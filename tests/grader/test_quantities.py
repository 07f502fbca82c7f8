"""Units are read, and amounts compare across them."""

import subprocess
import sys
from fractions import Fraction

import pytest

from runner.grader.quantities import Quantity, units


def quantity(number: str, unit: str) -> Quantity:
    return Quantity(Fraction(number), units(unit))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("3.3", "V"), ("3300", "mV")),
        (("64", "KiB"), ("65536", "bytes")),
        (("2", "MB"), ("2048", "KB")),
        (("2", "MB"), ("2000", "kB")),
        (("1", "°C/W"), ("1", "K/W")),
        (("50", "km/h"), ("50", "kilometres per hour")),
        (("2.5", "Gbps"), ("2500", "Mbit/s")),
        (("-40", "°C"), ("-40", "°F")),
        (("25", "Celsius"), ("298.15", "K")),
        (("2", "miles"), ("3.2", "km")),
        (("4.7", "kΩ"), ("4700", "ohms")),
        (("5", "pounds"), ("5", "£")),
        (("25", "C"), ("25", "°C")),
    ],
)
def test_the_same_amount_is_equal(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert quantity(*first).equals(quantity(*second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("3.3", "V"), ("3.3", "mV")),
        (("5", "A"), ("5", "V")),
        (("1", "MHz"), ("1", "mHz")),
        (("5", "m"), ("5", "ms")),
        (("2", "MB"), ("2", "Mb")),
        (("50", "mph"), ("50", "km/h")),
        (("3.3", "V"), ("3290", "mV")),
        (("2", "miles"), ("3", "km")),
        (("5", "$"), ("5", "€")),
    ],
)
def test_another_amount_is_not(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not quantity(*first).equals(quantity(*second))


@pytest.mark.parametrize("word", ["at", "in", "players", "mv", "Mv", "a", "__import__", "9", "V/", "m^9999"])
def test_other_words_are_no_units(word: str) -> None:
    assert units(word) == ()


def test_a_share_has_a_plain_value() -> None:
    assert quantity("50", "%").plain == Fraction(1, 2)
    assert quantity("50", "V").plain is None


def test_a_text_without_quantities_does_not_load_pint() -> None:
    code = "from runner.grader.match import passes; import sys; passes('Ada, of course', ('Ada',)); print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False"
