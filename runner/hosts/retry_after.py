"""A response in; the time after which to ask again out, in seconds, whatever the clocks of both sides say."""

from email.utils import mktime_tz, parsedate_tz

import httpx2

MOST = 120  # seconds; where a server asks for more, openai's client gives up at once


def in_seconds(response: httpx2.Response) -> None:
    """Put a Retry-After that is a date into seconds by the server's own Date, and leave it out where that makes no sense.

    The client takes such a date by the clock of this machine: where that or the server's has jumped it would not wait at all, or
    give up. Without one it asks again after a time of its own, which grows.
    """
    told, now = (_time(response.headers.get(name)) for name in ("retry-after", "date"))
    if told is None:
        return
    del response.headers["retry-after"]
    if now is not None and 0 < told - now <= MOST:
        response.headers["retry-after"] = str(told - now)


def _time(date: str | None) -> float | None:
    try:
        return mktime_tz(parsedate_tz(date))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
