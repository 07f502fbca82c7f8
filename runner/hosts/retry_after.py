"""Retry-After headers that name a date, rewritten in seconds.

A response goes in. Its header then says after how many seconds to ask again, whatever the clocks of both machines show.
"""

from email.utils import mktime_tz, parsedate_tz

import httpx2

MOST = 120  # seconds; if a server asks for more, openai's client does not wait at all


def in_seconds(response: httpx2.Response) -> None:
    """Rewrite a Retry-After date as seconds.

    The server's own Date header is the start. Without a plausible result the header is removed, and the client waits for a time
    of its own, which grows with each retry. A Retry-After that is a number, or no date at all, stays as it is.
    """
    # openai's client subtracts this machine's time from such a date. If either clock is wrong it does not wait, or gives up.
    until, now = (_time(response.headers.get(name)) for name in ("retry-after", "date"))
    if until is None:
        return
    del response.headers["retry-after"]
    if now is not None and 0 < until - now <= MOST:
        response.headers["retry-after"] = str(until - now)


def _time(date: str | None) -> float | None:
    """Return an HTTP date as seconds since 1970, or None."""
    try:
        # parsedate_tz returns None for what is no date, and mktime_tz then raises the TypeError that is caught.
        return mktime_tz(parsedate_tz(date))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
