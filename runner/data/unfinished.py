"""The folder for what an interrupted stage has done."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

# A context variable, since a stage is made of functions of one's own too, whose arguments are settled.
_folder: ContextVar[Path | None] = ContextVar("unfinished", default=None)


@contextmanager
def unfinished_in(folder: Path) -> Iterator[None]:
    """Name the folder for the work within; it need not exist."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def unfinished() -> Path | None:
    """Return the folder; None where what is unfinished is not kept."""
    return _folder.get()
