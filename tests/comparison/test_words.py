"""Numbers in words: percentages, points, intervals, p values, costs."""

from dataclasses import replace

import pytest

from runner.comparison.words import (
    bounds,
    bracketed,
    cell,
    chance,
    cost,
    counted,
    ends,
    listed,
    number,
    percent,
    points,
    ranged,
    rounded,
    shortened,
)
from tests.comparison.given import difference, interval


def test_a_missing_number_is_blank_and_never_the_word_none() -> None:
    assert [word(None) for word in (percent, points, bounds, ends, ranged, cell, bracketed, number)] == [""] * 8


def test_an_accuracy_is_told_in_percent_with_its_interval() -> None:
    assert ranged(interval(0.533, 0.05)) == "53.3% (48.3 to 58.3)"


def test_a_cell_has_no_percent_sign_and_whole_bounds() -> None:
    assert (cell(interval(0.533, 0.05)), bracketed(interval(0.533, 0.05))) == ("53.3", "53.3 [48, 58]")


def test_a_difference_is_told_in_points_with_signs_and_a_true_minus() -> None:
    assert (points(0.076), points(-0.1), ends(difference(0.0, 0.09))) == ("+7.6", "−10.0", "−9.0 to +9.0")


def test_a_difference_that_rounds_to_nothing_has_no_minus_sign() -> None:
    assert points(-0.0001) == "+0.0"


def test_a_bound_that_excludes_0_is_not_written_as_0() -> None:
    decided, lost, open_ = (
        replace(difference(0.1), low=low, high=high) for low, high in ((3e-4, 0.1), (-0.1, -2e-6), (0.0, 0.1))
    )
    assert [ends(value) for value in (decided, lost, open_)] == ["+0.03 to +10.0", "−10.0 to −0.0002", "+0.0 to +10.0"]


def test_a_tiny_p_is_told_as_a_bound_rather_than_as_zero() -> None:
    assert (chance(0.0), chance(0.0341)) == ("below 0.001", "0.034")


@pytest.mark.parametrize(
    ("value", "written"), [(3.25, "3.2 s"), (60.0, "1 min"), (1234.0, "20 min 34 s"), (3600.0, "1 h"), (7325.0, "2 h 2 min")]
)
def test_seconds_are_told_in_the_two_largest_units(value: float, written: str) -> None:
    assert cost("seconds/tuning", value) == written


def test_other_costs_are_counts_with_their_thousands_set_apart() -> None:
    assert (cost("tokens", 1234567.0), cost("dollars", 0.125)) == ("1,234,567", "0.12")


def test_one_thing_has_no_plural() -> None:
    assert [counted(count, "item") for count in (0, 1, 1258)] == ["0 items", "1 item", "1,258 items"]


def test_names_are_listed_as_in_a_sentence() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("value", "written"), [(1234.5, "$1,234.50"), (1.0, "$1.00"), (0.0, "$0.00"), (0.0123, "$0.012"), (float("nan"), "unknown")]
)
def test_dollars_are_told_to_the_cent_or_finer_and_never_guessed(value: float, written: str) -> None:
    assert cost("cost/usd", value) == written


@pytest.mark.parametrize(("count", "written"), [(7.4, "7"), (99, "99"), (1258, "1,300"), (12_341.5, "12,000")])
def test_a_forecast_count_has_two_digits(count: float, written: str) -> None:
    assert rounded(count) == written


def test_a_long_name_is_shortened_to_one_line() -> None:
    assert shortened("a\n b") == "a b"
    assert (len(shortened("x" * 100)), shortened("x" * 100)[-1]) == (60, "…")
    assert shortened("x" * 41, 40) == "x" * 39 + "…"
