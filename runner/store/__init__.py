"""Contract of stores: a stage and its inputs in, kept output out."""

from collections.abc import Callable, Iterator, Sequence
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


@dataclass(frozen=True)
class StoredItem:
    """Something in a store that can be removed by itself."""

    part: str  # the name of its stage; or replies, readings, unfinished
    key: str
    bytes: int  # on the disk
    made: float  # seconds since the epoch
    used: float  # when it was last found or made

    @property
    def name(self) -> str:
        """Return the name among all items."""
        return f"{self.part}/{self.key}"


@dataclass(frozen=True)
class Use:
    """The items that a tracked run refers to."""

    run: str  # its key
    tracker: str  # where it is tracked
    items: frozenset[str]  # names


@dataclass(frozen=True)
class Uses:
    """All references of tracked runs to a store."""

    lists: tuple[Use, ...] = ()
    since: float = float("inf")  # seconds since the epoch: runs before did not note what they refer to


class Sharing(Protocol):
    """Replies of a folder, shared with other machines.

    Their names are those of files in it.
    """

    def receive(self, names: Sequence[str]) -> None:
        """Fetch those that others have and this folder lacks."""

    def send(self, name: str) -> None:
        """Pass one on, beside what follows."""

    def finish(self) -> None:
        """Wait until all are passed on."""


class Store(Protocol):
    """Finished stages and replies, shared by any number of jobs.

    A stage whose files were changed, cut or removed counts as missing. `read` reads an output. It shows whether a stage of an
    older store, which has no checksums, can still be read.
    """

    # A contract, so that a store elsewhere than in a folder needs no change in the pipeline.
    replies: Path  # the folder of the reply cache, on this machine
    shared: Sharing  # of these replies
    readings: Path  # the folder of what was read of documents
    sweeps: Path  # the folder of the notes of sweeps

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

    def refer(self, use: Use) -> None:
        """Add to the items that a tracked run refers to."""

    def uses(self) -> Uses:
        """Return what tracked runs refer to."""

    def items(self) -> Iterator[StoredItem]:
        """Yield what could be removed."""

    def inputs_of(self, item: StoredItem) -> str:
        """Return the inputs of an item as text; "" if it has none."""

    def remove(self, item: StoredItem) -> bool:
        """Remove an item; False if a job holds it or has used it since."""

    def forget(self, use: Use) -> None:
        """Remove the references of a deleted run."""
