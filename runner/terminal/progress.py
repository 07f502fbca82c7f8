"""Progress of long work: counts in, a bar or log lines out.

A terminal shows a rich bar. Elsewhere a log line is written every few seconds. A server can take the counts instead (`followed`).
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from runner.terminal.activity import current_activity

log = logging.getLogger("runner")
console = Console(stderr=True)
EVERY = 10.0  # seconds between two log lines

# Advance is called with a count of finished items (1 if left out) and, by name, numbers such as a loss.
Advance: TypeAlias = Callable[..., None]
# A follower is called with (done, total, numbers).
Follower: TypeAlias = Callable[[int, int, dict[str, float]], None]

# A context variable, not a global, so that other threads go on showing their own progress.
_follower: ContextVar[Follower | None] = ContextVar("follower", default=None)


@contextmanager
def followed(by: Follower) -> Iterator[None]:
    """Send progress to the function `by` instead of showing it.

    `by` is called after each step. An error that it raises ends the work; so a server can cancel a training.
    """
    token = _follower.set(by)
    try:
        yield
    finally:
        _follower.reset(token)


def _note(numbers: dict[str, float]) -> str:
    """Write numbers for people."""
    return "  ".join(f"{name} {value:.3g}" for name, value in numbers.items())


@contextmanager
def progress(title: str, total: int, begun: int = 0) -> Iterator[Advance]:
    """Show the progress of work, of which `begun` is done.

    Call the yielded function with the number of items that were finished (1 if left out), and by name with numbers to
    show beside it: advance(loss=0.3).
    """
    if follower := _follower.get():
        yield _following(follower, total, begun)
        return
    activity = current_activity()
    activity.follow(title, total, begun)
    with _shown(title, total, begun) as advance:

        def both(count: int = 1, **numbers: float) -> None:
            activity.advance(count)
            advance(count, **numbers)

        yield both


def _shown(title: str, total: int, begun: int) -> AbstractContextManager[Advance]:
    """Return a bar on a terminal, and log lines elsewhere."""
    # RUNNER_PLAIN is for terminals in which a bar that rewrites its line does harm, such as a recorded session.
    bar = console.is_terminal and "RUNNER_PLAIN" not in os.environ
    return _bar(title, total, begun) if bar else _lines(title, total, begun)


def _following(follower: Follower, total: int, done: int) -> Advance:
    """Make a function that sends each step to a follower."""

    def advance(count: int = 1, **numbers: float) -> None:
        nonlocal done
        done += count
        follower(done, total, numbers)

    return advance


@contextmanager
def _bar(title: str, total: int, begun: int) -> Iterator[Advance]:
    """Show a bar with the time that remains."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(title, total=total, completed=begun, note="")

        note = ""

        def advance(count: int = 1, **numbers: float) -> None:
            nonlocal note
            # A step without numbers keeps those of the step before, so that they do not flicker.
            note = _note(numbers) or note
            bars.update(task, advance=count, note=note)

        yield advance


@contextmanager
def _lines(title: str, total: int, begun: int) -> Iterator[Advance]:
    """Write log lines at intervals and at the end."""
    began, done, logged = time.monotonic(), begun, time.monotonic()
    latest: dict[str, float] = {}

    def advance(count: int = 1, **numbers: float) -> None:
        nonlocal done, logged
        done += count
        latest.update(numbers)
        now = time.monotonic()
        # The last step has no line of its own, since the line at the end says the same.
        if now - logged >= EVERY and done < total:
            logged = now
            # A step may finish no item. As long as none is finished, nothing is known of the time that is left.
            left = f", {(now - began) / (done - begun) * (total - done):.0f} s left" if done > begun else ""
            log.info("%s: %d of %d%s  %s", title, done, total, left, _note(latest))

    yield advance
    log.info("%s: %d of %d in %.1f s  %s", title, done, total, time.monotonic() - began, _note(latest))
