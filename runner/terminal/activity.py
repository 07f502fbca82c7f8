"""Steps of work in, a note of them out.

A job of a sweep writes the note into the sweep's notes, where another shell reads it. Elsewhere nobody does.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Activity:
    """A note of the work at hand."""

    stages: int = 0  # that it began to make; those that were found are not among them
    stage: str = ""  # the name of the last one
    work: str = ""  # its part that shows progress
    done: int = 0
    total: int = 0
    begun: int = 0  # of the total, done before this attempt
    since: float = 0.0  # by the clock of time.monotonic

    def begin(self, stage: str) -> None:
        """Note that a stage is made now."""
        self.stages, self.stage, self.work, self.total = self.stages + 1, stage, "", 0

    def follow(self, work: str, total: int, begun: int) -> None:
        """Note that work of many steps begins."""
        self.work, self.done, self.total, self.begun, self.since = work, begun, total, begun, time.monotonic()

    def advance(self, count: int) -> None:
        """Note that steps are done."""
        self.done += count

    @property
    def left(self) -> float | None:
        """Return the seconds until this work is done; None where nothing is known."""
        if not self.total or self.done <= self.begun:
            return None
        return (time.monotonic() - self.since) / (self.done - self.begun) * (self.total - self.done)


# A context variable, so that jobs in several threads each have their own.
_current: ContextVar[Activity | None] = ContextVar("activity", default=None)


@contextmanager
def noted() -> Iterator[Activity]:
    """Note what is done within the block."""
    token = _current.set(activity := Activity())
    try:
        yield activity
    finally:
        _current.reset(token)


def current_activity() -> Activity:
    """Return the note of this work; one that nobody reads outside a job."""
    return _current.get() or Activity()
