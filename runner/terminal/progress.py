"""Progress of long work: a rich bar on a terminal, a plain line every few seconds otherwise, or what a caller follows it by."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

log = logging.getLogger("runner")
console = Console(stderr=True)
EVERY = 10.0  # seconds between two plain lines

Advance: TypeAlias = Callable[..., None]
Follower: TypeAlias = Callable[[int, int, dict[str, float]], None]

_follower: ContextVar[Follower | None] = ContextVar("follower", default=None)


@contextmanager
def followed(by: Follower) -> Iterator[None]:
    """While this is open, progress is told to `by` (done, total, numbers) and not shown; what `by` raises ends the work."""
    token = _follower.set(by)
    try:
        yield
    finally:
        _follower.reset(token)


def _note(numbers: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3g}" for name, value in numbers.items())


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """Show how far `what` is; call the yielded function with a count and any numbers to show beside the bar."""
    if follower := _follower.get():
        yield _told(follower, total)
    elif console.is_terminal and "RUNNER_PLAIN" not in os.environ:
        with _bar(what, total) as advance:
            yield advance
    else:
        with _lines(what, total) as advance:
            yield advance


def _told(follower: Follower, total: int) -> Advance:
    done = 0

    def advance(count: int = 1, **numbers: float) -> None:
        nonlocal done
        done += count
        follower(done, total, numbers)

    return advance


@contextmanager
def _bar(what: str, total: int) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(what, total=total, note="")

        note = ""

        def advance(count: int = 1, **numbers: float) -> None:
            nonlocal note
            note = _note(numbers) or note
            bars.update(task, advance=count, note=note)

        yield advance


@contextmanager
def _lines(what: str, total: int) -> Iterator[Advance]:
    began, done, told = time.monotonic(), 0, time.monotonic()
    latest: dict[str, float] = {}

    def advance(count: int = 1, **numbers: float) -> None:
        nonlocal done, told
        done += count
        latest.update(numbers)
        now = time.monotonic()
        if now - told >= EVERY and done < total:
            told = now
            left = (now - began) / done * (total - done)
            log.info("%s: %d of %d, %.0f s left  %s", what, done, total, left, _note(latest))

    yield advance
    log.info("%s: %d of %d in %.1f s  %s", what, done, total, time.monotonic() - began, _note(latest))
