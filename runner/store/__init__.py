"""Contract of stores: a stage and its inputs in, kept output out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Kept:
    """The output of a finished stage."""

    folder: Path
    key: str
    seconds: float  # that making it took


class Store(Protocol):
    """Finished stages and replies, shared by any number of jobs.

    A stage whose files were changed, cut or removed counts as missing. `read` reads an output. It shows whether a stage of an
    older store, which has no checksums, can still be read.
    """

    # A contract, so that a store elsewhere than in a folder needs no change in the pipeline.
    replies: Path  # the folder of the reply cache
    readings: Path  # the folder of what was read of documents

    def check(self) -> None:
        """Raise a Fault if the store can't be written."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """Return a lock, so that two jobs do work once."""

    def find(self, stage: str, inputs: Sequence[Any], read: Callable[[Path], Any]) -> Kept | None:
        """Return a finished stage; None if missing or damaged."""

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None], read: Callable[[Path], Any]) -> Kept:
        """Return a finished stage, made first if missing or damaged.

        `make` writes the output into an empty folder.
        """

    def finished(self, stage: str, read: Callable[[Path], Any]) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, with their inputs."""
