"""A store in a folder, which may be shared."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.data.atomic_write import draft_folder
from runner.data.manifest import (
    MANIFEST,
    DamagedFolderError,
    Manifest,
    check_files,
    check_weights,
    read_manifest,
    same_inputs,
    seal,
)
from runner.data.records import digest
from runner.data.unfinished import unfinished_in
from runner.errors import UNWRITABLE, Fault
from runner.local_models.glibc_memory import give_back_memory
from runner.store import Kept, Sharing, StoredItem, Use, Uses
from runner.store.leftovers import UNFINISHED, remove_leftovers
from runner.store.local_items import READINGS, REPLIES, local_items, mark_used, place_of, remove_item
from runner.store.sweep_notes import SWEEPS
from runner.store.uses import KeptUses

log = logging.getLogger("runner")

# Bytes of a file whose checksum is computed where stages are only listed. Weights are larger, and nothing of them is read there.
LARGEST_LISTED = 2**20


def stage_key(stage: str, inputs: Sequence[Any]) -> str:
    """Return the key of a stage: the digest of its name and inputs."""
    # "made_of" is the former word for inputs. It stays in the digest and in manifests, so that older stores are found again.
    return digest({"stage": stage, "made_of": inputs})


class SharedByFolder:
    """Replies that are shared by their folder, or not."""

    def receive(self, names: Sequence[str]) -> None:
        """Fetch nothing: all replies are in the folder."""

    def send(self, name: str) -> None:
        """Send nothing: the folder is where others look."""

    def finish(self) -> None:
        """Wait for nothing."""


class LocalStore:
    """A store in a folder.

    Outputs are published by an atomic rename. Jobs wait for each other by file locks, which a killed process releases.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder.expanduser().resolve()
        self.replies = self.folder / REPLIES
        self.readings = self.folder / READINGS
        self.shared: Sharing = SharedByFolder()
        self._uses = KeptUses(self.folder / "uses")
        self.sweeps = self.folder / SWEEPS

    def check(self) -> None:
        """Make the folder; a Fault where it can't be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A full disk often still takes an empty file, so some bytes are written.
            with tempfile.TemporaryFile(dir=self.folder) as probe:
                probe.write(b"x" * 4096)
                probe.flush()
            remove_leftovers(self.folder, self.lock)
        except OSError as error:
            raise self._unwritable(error) from error

    def lock(self, key: str) -> FileLock:
        """Return a lock, so that two jobs do work once."""
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        # Lock files are never deleted: a job could then lock a file that another one no longer sees.
        return FileLock(self.folder / "locks" / f"{key}.lock")

    def find(self, stage: str, inputs: Sequence[Any], read: Callable[[Path], Any]) -> Kept | None:
        """Return a finished stage; None if missing or damaged."""
        folder = self._place(stage, inputs)
        manifest = _intact(folder, read, _not_used, inputs=inputs)
        return self._found(folder, manifest) if manifest else None

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None], read: Callable[[Path], Any]) -> Kept:
        """Return a finished stage, made first if missing or damaged."""
        folder = self._place(stage, inputs)
        with self.lock(f"{stage}-{folder.name}"):
            # Another job may have made it while this one waited for the lock.
            manifest = _intact(folder, read, _made_again, inputs=inputs) or self._publish(folder, inputs, make)
            if manifest.files is None:  # of an older store, so that later damage is noticed
                with suppress(OSError):
                    seal(folder, manifest.seconds, manifest.inputs)
            return self._found(folder, manifest)

    def finished(self, stage: str, read: Callable[[Path], Any]) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, with their inputs."""
        # A name that begins with a dot is a draft of a job that still works on it, or was killed.
        folders = sorted((self.folder / stage).glob("[!.]*"))
        intact = ((folder, _intact(folder, read, _not_used, LARGEST_LISTED)) for folder in folders)
        return [(manifest.inputs, Kept(folder, folder.name, manifest.seconds)) for folder, manifest in intact if manifest]

    def refer(self, use: Use) -> None:
        """Add to the items that a tracked run refers to."""
        try:
            self._uses.add(use)
        except OSError as error:
            raise self._unwritable(error) from error

    def uses(self) -> Uses:
        """Return what tracked runs refer to."""
        return self._uses.read()

    def items(self) -> Iterator[StoredItem]:
        """Yield what could be removed."""
        return local_items(self.folder)

    def inputs_of(self, item: StoredItem) -> str:
        """Return the manifest of a stage as text."""
        with suppress(OSError):
            return (place_of(self.folder, item) / MANIFEST).read_text(encoding="utf-8", errors="replace")
        return ""

    def remove(self, item: StoredItem) -> bool:
        """Remove an item; False if a job holds it or has used it since."""
        try:
            return remove_item(self.folder, item, self.lock)
        except FileNotFoundError:  # another command has removed it
            return False
        except OSError as error:
            raise self._unwritable(error) from error

    def forget(self, use: Use) -> None:
        """Remove the references of a deleted run."""
        self._uses.forget(use)

    def _found(self, folder: Path, manifest: Manifest) -> Kept:
        with suppress(OSError):  # of another user, or on a disk that can only be read
            mark_used(folder)
        return Kept(folder, folder.name, manifest.seconds)

    def _place(self, stage: str, inputs: Sequence[Any]) -> Path:
        return self.folder / stage / stage_key(stage, inputs)

    def _unwritable(self, error: OSError) -> Fault:
        return Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH")

    def _publish(self, final: Path, inputs: Sequence[Any], make: Callable[[Path], None]) -> Manifest:
        began = time.monotonic()
        try:
            with (
                draft_folder(final) as draft,
                unfinished_in(self.folder / UNFINISHED / f"{final.parent.name}-{final.name}") as attempts,
            ):
                make(draft)
                seconds = time.monotonic() - began + attempts.seconds
                # Collecting garbage takes long. A stage of less than a second loaded no model that could be freed.
                if seconds > 1:
                    give_back_memory()
                seal(draft, seconds, inputs)
                shutil.rmtree(final, ignore_errors=True)  # where it was damaged
            attempts.forget()
            return read_manifest(final)
        except OSError as error:
            if error.errno in UNWRITABLE:  # any other error comes from the stage itself
                raise self._unwritable(error) from error
            raise


def _intact(
    folder: Path,
    read: Callable[[Path], Any],
    tell: Callable[[Path, str], None],
    largest: float = float("inf"),
    inputs: Sequence[Any] | None = None,
) -> Manifest | None:
    """Return a stage's manifest; None if missing or damaged."""
    if not folder.exists():
        return None
    try:
        manifest = read_manifest(folder)
        # The folder of another stage in its place is whole, and holds another output.
        if inputs is not None and manifest.files is not None and not same_inputs(inputs, manifest):
            raise DamagedFolderError("it was made of other inputs")
        check_files(folder, manifest, largest)
        if manifest.files is None:
            check_weights(folder)
            _try_to_read(folder, read)
    except DamagedFolderError as damage:
        tell(folder, str(damage))
        return None
    return manifest


def _made_again(folder: Path, damage: str) -> None:
    log.warning("the kept stage %s is damaged (%s) and is made again", folder, damage)


@cache
def _not_used(folder: Path, damage: str) -> None:
    # Told once: a preview looks for a stage once for each run of a sweep. It may never be needed again, so nothing is promised.
    log.warning("the kept stage %s is damaged (%s) and is not used", folder, damage)


def _try_to_read(folder: Path, read: Callable[[Path], Any]) -> None:
    """Raise DamagedFolderError if a stage can't be read."""
    # An older store has no checksums. That a stage can be read is all that can be known of it.
    try:
        read(folder)
    except Exception as error:  # a reader may be of the user's own code
        raise DamagedFolderError(repr(error)) from error
