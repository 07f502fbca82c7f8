"""A sweep's notes in, an interruption of this process out.

The mark in the store reaches every process of a sweep alike, whatever launcher started it and on whatever machine.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread, main_thread

from runner.store.sweep_notes import SweepNotes

LOOK = 1.0  # seconds between two looks at the notes

# The sweeps for which this process was interrupted. A command and its job may be one process, and a second interruption would end
# it at once, before the first has ended its runs in order.
_interrupted = set[str]()


@contextmanager
def watched(notes: SweepNotes, look: Callable[[], None], ready: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Stop the block as Ctrl-C does, on demand.

    `look` is called at each look at the notes. The process is interrupted once the sweep is to stop and it is `ready`.
    """
    ended = Event()

    def watch() -> None:
        while not ended.wait(LOOK):
            # The store may fail for a moment, which is no reason to end a job.
            with suppress(OSError):
                if notes.is_to_stop and ready():
                    interrupt(notes.id)
                look()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def interrupt(sweep: str) -> None:
    """Interrupt the main thread once for a sweep."""
    if sweep in _interrupted:
        return
    _interrupted.add(sweep)
    # A shell starts commands in the background with Ctrl-C ignored. SIGTERM is for those.
    number = signal.SIGINT if callable(signal.getsignal(signal.SIGINT)) else signal.SIGTERM
    signal.pthread_kill(main_thread().ident or 0, number)


class JobGrace:
    """The time that a command gives its jobs to end."""

    def __init__(self, notes: SweepNotes, seconds: float) -> None:
        """Wait so many seconds at most."""
        self._notes, self._seconds, self._since = notes, seconds, 0.0

    def over(self) -> bool:
        """Return true if no job works, or time is up."""
        self._since = self._since or time.monotonic()
        at_work = any(job["state"] == "running" and self._notes.is_held(job["holder"]) for job in self._notes.jobs().values())
        return not at_work or time.monotonic() - self._since > self._seconds
