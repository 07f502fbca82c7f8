"""Finished stages and replies, each kept under the hash of all that made it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Kept:
    """A finished stage: the folder of its output, its key, and the seconds it took."""

    folder: Path
    key: str
    seconds: float


@runtime_checkable
class Store(Protocol):
    """A place of finished stages and replies that any number of jobs share."""

    @property
    def replies(self) -> Path:
        """Return the folder of the kept replies."""

    def check(self) -> None:
        """Open the store, or raise a Fault where it can't be written."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """Return a lock that makes two jobs do the same work once."""

    def find(self, stage: str, inputs: Sequence[Any]) -> Kept | None:
        """Return a finished stage, or None where it was not made yet."""

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None]) -> Kept:
        """Return a finished stage, after `make` wrote it where it was not made yet."""

    def finished(self, stage: str) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, each with its inputs."""
