"""Keep an interrupted stage's work for its next attempt."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Unfinished:
    """The work that a stage keeps between its attempts."""

    folder: Path  # it need not exist
    seconds: float = 0.0  # that earlier attempts took, as far as this one goes on from them

    def forget(self) -> bool:
        """Remove the folder; return True if there was one."""
        there = self.folder.exists()
        shutil.rmtree(self.folder, ignore_errors=True)
        return there


# A context variable, since a stage is made of functions of one's own too, whose arguments are settled.
_current: ContextVar[Unfinished | None] = ContextVar("unfinished", default=None)


@contextmanager
def unfinished_in(folder: Path) -> Iterator[Unfinished]:
    """Name the folder for the work within."""
    token = _current.set(current := Unfinished(folder))
    try:
        yield current
    finally:
        _current.reset(token)


def unfinished() -> Unfinished | None:
    """Return that of the stage being made; None outside a store."""
    return _current.get()
