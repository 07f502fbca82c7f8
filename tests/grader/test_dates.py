"""Dates and times are read in their spellings."""

import pytest

from runner.grader.dates import DATE, TIME, Date, Time, date, time


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 Mar 2024", Date(2024, 3, 12)),
        ("the 12th of March, 2024", Date(2024, 3, 12)),
        ("Tuesday, March 12, 2024", Date(2024, 3, 12)),
        ("2024-03-12", Date(2024, 3, 12)),
        ("04.07.1901", Date(1901, 7, 4)),
        ("7/4/1901", Date(1901, 7, 4)),
        ("April of 1917", Date(1917, 4, None)),
        ("1917-04", Date(1917, 4, None)),
        ("May 1st", Date(None, 5, 1)),
        ("2001-02", None),  # a season
        ("2024-12-32", None),
    ],
)
def test_a_date_is_read(text: str, value: Date | None) -> None:
    match = DATE.search(text)
    assert match
    assert date(match) == value


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("3 pm", 900), ("15:00", 900), ("6.45 a.m.", 405), ("12 am", 0), ("6:45 in the morning", 405), ("13 pm", None)],
)
def test_a_time_is_read(text: str, minutes: int | None) -> None:
    match = TIME.search(text)
    assert match
    assert time(match) == (None if minutes is None else Time(minutes))


def test_a_date_holds_a_less_exact_one() -> None:
    assert Date(1917, 4, 6).holds(Date(1917, 4, None))
    assert not Date(1917, 4, None).holds(Date(1917, 4, 6))
    assert not Date(None, 4, 6).holds(Date(1917, 4, 6))
    assert Date(None, 4, 6).holds(Date(1917, 4, 6), year_known=True)


def test_dates_agree_in_what_both_give() -> None:
    assert Date(2013, 11, 27).agrees(Date(2013, None, None))
    assert not Date(2013, 11, 27).agrees(Date(2013, 11, 8))
