"""A store in a folder, which may be shared."""

import errno
import json
import re
import shutil
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.data.atomic_write import publish
from runner.data.records import digest, plain
from runner.errors import Fault
from runner.local_models.glibc_memory import give_back_memory
from runner.store import Kept

MANIFEST = "manifest.json"  # written last, so that a folder with a manifest is complete

# Errors of a store that can't be written. Any other error comes from the stage itself.
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO, errno.EPERM}
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*://")


def stage_key(stage: str, inputs: Sequence[Any]) -> str:
    """Return the key of a stage: the digest of its name and inputs."""
    # "made_of" is the former word for inputs. It stays in the digest and in manifests, so that older stores are found again.
    return digest({"stage": stage, "made_of": inputs})


def check_address(store: str) -> str:
    """Return the address of a store; raise a ValueError for s3://bucket."""
    # Path("s3://bucket") would quietly make a folder named "s3:".
    if scheme := _SCHEME.match(store):
        raise ValueError(f"expected a folder, which may lie on a shared file system. A store at {scheme[0]} is not supported")
    return store


class LocalStore:
    """A store in a folder.

    Outputs are published by an atomic rename. Jobs wait for each other by file locks, which a killed process releases.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder.expanduser().resolve()
        self.replies = self.folder / "replies"

    def check(self) -> None:
        """Make the folder; a Fault where it can't be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A full disk often still takes an empty file, so some bytes are written. The name is random, since many jobs
            # of a sweep may check the same store at once.
            probe = self.folder / f".write-{uuid.uuid4().hex}"
            probe.write_text("x" * 4096)
            probe.unlink()
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

    def find(self, stage: str, inputs: Sequence[Any]) -> Kept | None:
        """Return a finished stage, or None if there is none."""
        folder = self.folder / stage / stage_key(stage, inputs)
        return _read(folder)[1] if (folder / MANIFEST).exists() else None

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None]) -> Kept:
        """Return a finished stage, made first if it is missing."""
        folder = self.folder / stage / stage_key(stage, inputs)
        with self.lock(f"{stage}-{folder.name}"):
            # Another job may have made it while this one waited for the lock.
            if not (folder / MANIFEST).exists():
                self._publish(folder, inputs, make)
        return _read(folder)[1]

    def finished(self, stage: str) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, with their inputs."""
        return [_read(file.parent) for file in sorted((self.folder / stage).glob(f"*/{MANIFEST}"))]

    def _unwritable(self, error: OSError) -> Fault:
        return Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH")

    def _publish(self, final: Path, inputs: Sequence[Any], make: Callable[[Path], None]) -> None:
        # Drafts of killed processes. Nobody else writes them, since the lock is ours.
        for stale in final.parent.glob(f".{final.name}-*"):
            shutil.rmtree(stale, ignore_errors=True)
        draft = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
        began = time.monotonic()
        try:
            draft.mkdir(parents=True)
            make(draft)
            seconds = time.monotonic() - began
            # Collecting garbage takes long. A stage of less than a second loaded no model that could be freed.
            if seconds > 1:
                give_back_memory()
            manifest = json.dumps({"seconds": seconds, "made_of": inputs}, default=plain, indent=1)
            publish(draft / MANIFEST, manifest, lasting=True)
            # A folder without a manifest may be left from an older version, and a rename needs a free name.
            shutil.rmtree(final, ignore_errors=True)
            draft.rename(final)
        except OSError as error:
            if error.errno in _UNWRITABLE:
                raise self._unwritable(error) from error
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _read(folder: Path) -> tuple[Any, Kept]:
    """Return the inputs and the output of a finished stage."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return manifest["made_of"], Kept(folder, folder.name, manifest["seconds"])
