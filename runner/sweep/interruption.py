"""A sweep's notes in, an interruption of this process out.

The mark in the store reaches every process of a sweep alike, whatever launcher started it and on whatever machine.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread, current_thread, main_thread

from runner.store.sweep_notes import SweepNotes

LOOK = 1.0  # seconds between two looks at the notes
SETTLED = 5.0  # seconds without a job at work, after which a launcher is interrupted that does not see it

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
    with _in_order():
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


@contextmanager
def _in_order() -> Iterator[None]:
    """Let SIGTERM end a block where Ctrl-C is ignored.

    A shell starts commands in the background with Ctrl-C ignored. Without a handler SIGTERM would kill their workers.
    """
    needed = current_thread() is main_thread() and not callable(signal.getsignal(signal.SIGINT))
    if not needed or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def interrupt(sweep: str) -> None:
    """Interrupt the main thread once for a sweep."""
    if sweep in _interrupted:
        return
    _interrupted.add(sweep)
    number = signal.SIGINT if callable(signal.getsignal(signal.SIGINT)) else signal.SIGTERM
    signal.pthread_kill(main_thread().ident or 0, number)


class JobGrace:
    """The time that a command gives its jobs to end."""

    def __init__(self, notes: SweepNotes, seconds: float) -> None:
        """Wait so many seconds at most."""
        self._notes, self._seconds = notes, seconds
        self._first, self._idle = 0.0, 0.0  # when the first call was, and since when no job is at work

    def over(self) -> bool:
        """Return true if no job works, or time is up."""
        now = time.monotonic()
        self._first = self._first or now
        at_work = any(job["state"] == "running" and self._notes.is_held(job["holder"]) for job in self._notes.jobs().values())
        self._idle = 0.0 if at_work else self._idle or now
        # A launcher that has all its jobs back ends the sweep by itself, and should not be disturbed.
        return (not at_work and now - self._idle >= SETTLED) or now - self._first > self._seconds
