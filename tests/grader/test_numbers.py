"""Number words become digits, and literals have values."""

from fractions import Fraction

import pytest

from runner.grader.numbers import in_digits, roman, value_of


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("one and a half million", "1500000"),
        ("an hour and a half", "1.5 hour"),
        ("half a nanosecond", "0.5 nanosecond"),
        ("two thirds of it", "2/3 of it"),
        ("the eighteen-thirties", "the 1830s"),
        ("minus five", "-5"),
        ("the Fourteenth", "the 14th"),
        ("No one knows.", "No one knows."),
        ("It lasts a second.", "It lasts a second."),
        ("in May", "in May"),
        ("2 trillion trillion", "2000000000000000000000000"),
        ("2" + " trillion" * 400, "2" + " trillion" * 400),
    ],
)
def test_number_words_are_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("3.30", Fraction(33, 10)),
        ("88,966", 88966),
        ("1/2", Fraction(1, 2)),
        ("3e6", 3_000_000),
        ("3x10^6", 3_000_000),
        ("0x4000_0000", 2**30),
        ("8'hFF", 255),
        ("2'b10", 2),
        ("40h", 64),
        ("3,3", Fraction(33, 10)),
        ("-5", -5),
        (".5", Fraction(1, 2)),
        ("1/0", 1),
        ("2'b12", None),
        ("1e999", None),
        ("1/2.0", None),
        ("1/2h", None),
        ("1,2.5", None),
        ("9" * 61, None),
        ("abc", None),
    ],
)
def test_a_literal_has_a_value(literal: str, value: Fraction | None) -> None:
    assert value_of(literal) == value


@pytest.mark.parametrize(("word", "value"), [("XIV", 14), ("LV", 55), ("I", 1), ("IL", None), ("CD", None), ("xiv", None)])
def test_a_roman_numeral_has_a_value(word: str, value: int | None) -> None:
    assert roman(word) == value
