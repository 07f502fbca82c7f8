"""Dates and times of day: their spellings in, values that compare field by field out."""

import re
from calendar import month_name
from typing import NamedTuple

_NAMES = list(month_name)[1:]
# German and French names, without accents, that differ from the English ones. They are read only behind a day, since Mars 2020
# is no month.
_FOREIGN = {
    "januar": 1, "janvier": 1, "februar": 2, "fevrier": 2, "marz": 3, "mars": 3, "avril": 4, "mai": 5, "juni": 6, "juin": 6,
    "juli": 7, "juillet": 7, "aout": 8, "septembre": 9, "oktober": 10, "octobre": 10, "novembre": 11, "dezember": 12,
    "decembre": 12,
}  # fmt: skip
_ENGLISH = {form: place for place, name in enumerate(_NAMES, 1) for form in (name.lower(), name[:3].lower())} | {"sept": 9}
_MONTHS = _FOREIGN | _ENGLISH
_BEHIND_DAY = rf"(?P<m1>{'|'.join(_MONTHS)})\b\.?"
_MONTH = rf"(?P<{{}}>{'|'.join(_ENGLISH)})\b\.?"
_DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\b"
_AHEAD = r"(?![\d-]|[.,]\d)"
_YEAR = r"(?P<{}>\d{{4}})" + _AHEAD
# The number of a footnote may stand behind the year: 20181.
_NOTED = r"(?P<{}>\d{{4}})(?:\d{{1,2}}(?=\.?(?:\s|$)))?" + _AHEAD
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?)?"
DATE = re.compile(
    "|".join(
        (
            rf"{_WEEKDAY}{_DAY.format('d1')}(?: of|,|\.)? {_BEHIND_DAY}(?:(?: of|,)? {_NOTED.format('y1')})?",
            rf"{_WEEKDAY}{_MONTH.format('m2')} (?:the )?{_DAY.format('d2')}(?:(?: of|,)? {_NOTED.format('y2')})?",
            rf"{_MONTH.format('m3')}(?: of|,| in)? {_YEAR.format('y3')}",
            r"(?P<y4>\d{4})-(?P<m4>0?[1-9]|1[0-2])-(?P<d4>\d{1,2})(?![\d-])",
            r"(?P<d5>\d{1,2})\.(?P<m5>\d{1,2})\.(?P<y5>\d{4})(?!\d)",
            r"(?P<m6>\d{1,2})/(?P<d6>\d{1,2})/(?P<y6>\d{4})(?!\d)",
            r"(?P<y7>\d{4})-(?P<m7>0[1-9]|1[0-2])(?![\d-])",
        )
    ),
    re.IGNORECASE,
)
_HALVES = r"(?: ?(?P<h{0}>[ap])\.? ?m\b\.?| (?:o'clock )?(?:in the|at) (?P<w{0}>morning|afternoon|evening|night)\b)"
TIME = re.compile(
    rf"(?P<t1>\d{{1,2}})(?:[:.](?P<n1>[0-5]\d))?{_HALVES.format(1)}|(?P<t2>[01]?\d|2[0-3]):(?P<n2>[0-5]\d)(?::\d\d)?(?![\d:])",
    re.IGNORECASE,
)


class Date(NamedTuple):
    """A date, or a part of one."""

    year: int | None
    month: int | None
    day: int | None

    def holds(self, other: "Date", year_known: bool = False) -> bool:
        """Return True if this date has another's fields.

        With `year_known` the year may be missing here, since the question names it.
        """
        pairs = zip(self, other, strict=True)
        different = [ours for ours, theirs in pairs if theirs is not None and ours != theirs]
        return not different or (year_known and different == [None] and self.year is None and self.month is not None)

    def agrees(self, other: "Date") -> bool:
        """Return True unless a field that both give differs."""
        return all(ours is None or theirs is None or ours == theirs for ours, theirs in zip(self, other, strict=True))


class Time(NamedTuple):
    """A time of day in minutes."""

    minutes: int


def date(match: re.Match[str]) -> Date | None:
    """Return the date of a match of DATE; None if there is no such day."""
    fields = {name[0]: value for name, value in match.groupdict().items() if value and name[1:].isdigit()}
    month = int(fields["m"]) if fields["m"].isdigit() else _MONTHS[fields["m"].lower()]
    day = int(fields["d"]) if "d" in fields else None
    year = int(fields["y"]) if "y" in fields else None
    if match["y6"] and month > 12 and day:
        month, day = day, month
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    # "2001-02" may be a season. It is read as a month only if 02 is no later year than 2001.
    if year and match["y7"] and month > year % 100:
        return None
    return Date(year, month, day)


def turned(date: Date | Time) -> Date | None:
    """Exchange day and month, if that is a date."""
    return Date(date.year, date.day, date.month) if isinstance(date, Date) and date.day and date.day <= 12 else None


def time(match: re.Match[str]) -> Time | None:
    """Return the time of a match of TIME; None if there is no such hour."""
    hour, minute = int(match["t1"] or match["t2"]), int(match["n1"] or match["n2"] or 0)
    half = (match["h1"] or {"morning": "a", "night": "p"}.get((match["w1"] or "").lower(), "p" if match["w1"] else "")).lower()
    if hour > (12 if half else 23):
        return None
    return Time((hour % 12 + 12 * (half == "p") if half else hour) * 60 + minute)
