"""Write numbers as the words of a report; None becomes empty."""

from collections.abc import Mapping
from math import isnan

from runner.statistics import Interval

LEAST = 0.001  # the smallest p value that is written as a number
TIMES = ((3600, "h"), (60, "min"), (1, "s"))


def percent(share: float | None) -> str:
    """Write a share from 0 to 1 as a percentage: 53.3%."""
    return "" if share is None else f"{_fixed(100 * share)}%"


def points(share: float | None) -> str:
    """Write a difference in percentage points with its sign: +7.6."""
    return "" if share is None else _fixed(100 * share, "+")


def rate(error: float) -> str:
    """Write an error rate in percent: 5%, 1.67%."""
    return f"{100 * error:.3g}%"


def level(error: float) -> str:
    """Write the level of intervals at an error: 95%, 98.33%."""
    return f"{100 - float(f'{100 * error:.3g}'):g}%"


def margin(share: float) -> str:
    """Write the margin that a user set: 5 points (margin=5)."""
    size = f"{100 * share:g}"
    return f"{size} {'point' if size == '1' else 'points'} (margin={size})"


def bounds(interval: Interval | None) -> str:
    """Write the bounds of an accuracy in percent: 48.1 to 58.4."""
    return "" if interval is None else f"{_fixed(100 * interval.low)} to {_fixed(100 * interval.high)}"


def ends(interval: Interval | None) -> str:
    """Write the bounds of a difference with signs: +1.2 to +6.0.

    A bound that excludes 0 is never written as 0: +0.03 to +6.0.
    """
    if interval is None:
        return ""
    places = next((places for places in range(1, 9) if round(100 * _nearest(interval), places)), 1)
    bounds = (interval.low, interval.high)
    return " to ".join(_fixed(100 * bound, "+", places if bound == _nearest(interval) else 1) for bound in bounds)


def _nearest(interval: Interval) -> float:
    """Return the bound that excludes 0, or 0."""
    return max(interval.low, 0.0) or min(interval.high, 0.0)


def ranged(interval: Interval | None) -> str:
    """Write an accuracy with its bounds: 53.3% (48.1 to 58.4)."""
    return "" if interval is None else f"{percent(interval.estimate)} ({bounds(interval)})"


def cell(interval: Interval | None) -> str:
    """Write an accuracy in percent without the sign: 53.3."""
    return "" if interval is None else _fixed(100 * interval.estimate)


def bracketed(interval: Interval | None) -> str:
    """Write an accuracy with its rounded bounds: 53.3 [48, 58]."""
    return "" if interval is None else f"{cell(interval)} [{100 * interval.low:.0f}, {100 * interval.high:.0f}]"


def chance(p: float) -> str:
    """Write a p value: 0.034, or below 0.001."""
    return f"below {LEAST}" if p < LEAST else f"{p:.3f}"


def number(value: float | None, places: int = 2) -> str:
    """Write a number with separated thousands: 1,258.

    A whole number has no decimal places.
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else _fixed(value, ",", places)


def rounded(count: float) -> str:
    """Round a count to two digits: 1,300."""
    return number(float(f"{round(count):.2g}"))


def counted(count: int, noun: str) -> str:
    """Write a number of things: 1 item, 1,258 items."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def by_kind(kinds: Mapping[str, tuple[int, float]]) -> str:
    """Write what was kept of each kind: knowledge 41.0% of 101."""
    parts = {kind: f"{percent(kept)} of {number(known)}" if known else "none known" for kind, (known, kept) in kinds.items()}
    return ", ".join(f"{kind} {words}" for kind, words in parts.items())


def cost(name: str, value: float | None) -> str:
    """Write a cost; its unit follows from the metric's name.

    Seconds are written in the two largest units (20 min 34 s), dollars in cents or finer. Other costs are counts.
    """
    if value is None:
        return ""
    # A model without a known price tracks nan.
    if isnan(value):
        return "unknown"
    if "usd" in name:
        return f"${value:,.2f}" if value >= 1 or not value else f"${value:.2g}"
    if not name.startswith("seconds"):
        return number(value)
    # Rounded to whole seconds, a short stage would cost 0 s.
    if value < TIMES[1][0]:
        return f"{value:.1f} s"
    left, units = round(value), []
    for length, unit in TIMES:
        whole, left = divmod(left, length)
        if whole:
            units.append(f"{whole:,} {unit}")
    return " ".join(units[:2])


def listed(names: list[str]) -> str:
    """Join names as in a sentence: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def shortened(text: str, longest: int = 60) -> str:
    """Shorten a text to one line of `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _fixed(value: float, sign: str = "", places: int = 1) -> str:
    """Write a number with fixed places and true minus."""
    # The minus sign U+2212 is as wide as a plus sign, and it is not taken for a hyphen at the end of a line.
    # Rounded first, and 0.0 added, so that a tiny negative number is not written as minus zero.
    return f"{round(value, places) + 0.0:{sign}.{places}f}".replace("-", "−")
