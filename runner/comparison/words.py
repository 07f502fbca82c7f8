"""Numbers in, the words of a report out; where there is no number, nothing."""

from math import isnan

from runner.statistics import Interval

LEAST = 0.001  # p values below it are told as such
TIMES = ((3600, "h"), (60, "min"), (1, "s"))


def percent(share: float | None) -> str:
    """A share from 0 to 1 as a percentage: 53.3%."""
    return "" if share is None else f"{_fixed(100 * share)}%"


def points(share: float | None) -> str:
    """A difference of two shares in percentage points, with its sign: +7.6."""
    return "" if share is None else _fixed(100 * share, "+")


def bounds(found: Interval | None) -> str:
    """The ends of an accuracy's interval, in percent: 48.1 to 58.4."""
    return "" if found is None else f"{_fixed(100 * found.low)} to {_fixed(100 * found.high)}"


def ends(found: Interval | None) -> str:
    """The ends of a difference's interval, in percentage points with their signs: +1.2 to +6.0."""
    return "" if found is None else f"{points(found.low)} to {points(found.high)}"


def ranged(found: Interval | None) -> str:
    """An accuracy and its interval: 53.3% (48.1 to 58.4)."""
    return "" if found is None else f"{percent(found.estimate)} ({bounds(found)})"


def chance(p: float) -> str:
    """A p value: 0.034, or that it is below 0.001."""
    return f"below {LEAST}" if p < LEAST else f"{p:.3f}"


def number(value: float | None, places: int = 2) -> str:
    """A count or a measure with its thousands set apart, whole where it is whole: 1,258."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else _fixed(value, ",", places)


def cost(name: str, value: float | None) -> str:
    """What a stage cost; seconds in the largest units that say something: 20 min 34 s; dollars to the cent, or finer."""
    if value is None:
        return ""
    if isnan(value):
        return "unknown"
    if "usd" in name:
        return f"${value:,.2f}" if value >= 1 or not value else f"${value:.2g}"
    if not name.startswith("seconds"):
        return number(value)
    if value < TIMES[1][0]:
        return f"{value:.1f} s"
    left, told = round(value), []
    for length, unit in TIMES:
        whole, left = divmod(left, length)
        if whole:
            told.append(f"{whole:,} {unit}")
    return " ".join(told[:2])


def listed(names: list[str]) -> str:
    """Names in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _fixed(value: float, sign: str = "", places: int = 1) -> str:
    """A number of fixed places with a true minus sign, and none before a zero."""
    return f"{round(value, places) + 0.0:{sign}.{places}f}".replace("-", "−")
