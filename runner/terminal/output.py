"""Standard streams: closed, of a poor encoding, or without a reader."""

import io
import os
import select
import sys
from pathlib import Path

LAST = 2  # the number of the last standard stream


def prepare_streams() -> None:
    """Make the standard streams fit for any text."""
    # Closed streams are opened. Else the next file that is opened would get the number of a closed one, and what a library
    # prints would land in it.
    while (number := os.open(os.devnull, os.O_RDWR)) <= LAST:
        pass
    os.close(number)
    # Libraries expect all three objects.
    nowhere = Path(os.devnull)
    sys.stdin = sys.stdin or nowhere.open()
    sys.stdout, sys.stderr = sys.stdout or nowhere.open("w"), sys.stderr or nowhere.open("w")
    # In an encoding such as ASCII, a minus sign would end a sweep before its report. It is written as \u2212 there.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def unread() -> bool:
    """Return True if nobody reads the output any more.

    A command such as head reads some lines, and ends.
    """
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def discard() -> None:
    """Send nowhere what is still to be printed."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
