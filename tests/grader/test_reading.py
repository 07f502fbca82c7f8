"""A text is read as words, identifiers and values."""

import pytest

from runner.grader.dates import Date, Time
from runner.grader.reading import read
from runner.grader.values import Number


def words(text: str) -> list[str]:
    return [term.word for term in read(text).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("FIFO_CTRL is not CTRL", ["fifo_ctrl", "is", "not", "ctrl"]),
        ("`ADC_CR.START`", ["adc_cr.start"]),
        ("--no-version", ["--no-version"]),
        ("They were in Group A. The cat", ["they", "were", "in", "group", "a", "cat"]),
        ("Xi'an isn't far", ["xian", "isnt", "far"]),
        ("C++17 and C#", ["c++", "17", "and", "c#"]),
        ("東京です", ["東", "京"]),
        ("v2.1 or 4.12.0", ["2.1", "or", "4.12.0"]),
    ],
)
def test_words_are_read(text: str, terms: list[str]) -> None:
    assert words(text)[: len(terms)] == terms


def test_values_are_read() -> None:
    values = [term.values for term in read("On 12 March 2024 at 15:00 it was XIV, 0x40 or half").terms if term.values]
    assert values == [
        (Date(2024, 3, 12),),
        (Time(900),),
        (Number(14, True),),
        (Number(64),),
        (Number(1 / 2),),
    ]


def test_a_day_that_cannot_be_is_no_date() -> None:
    assert words("99/99/1901")[0] == "99"


def test_only_the_first_terms_are_read() -> None:
    assert len(read("a1 b1 c1 d1", 3).terms) == 3


def test_symbols_are_kept_with_the_term_behind_them() -> None:
    assert [set(term.symbols) for term in read("x > 3").terms] == [set(), {">"}]
