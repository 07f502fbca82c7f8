"""A folder of finished stages and replies, on one machine or a shared file system."""

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

# Errors of a store that can't be written. Any other error comes from the stage itself.
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO, errno.EPERM}
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*://")


def stage_key(stage: str, inputs: Sequence[Any]) -> str:
    """Return the key of a stage: the digest of its name and inputs."""
    # "made_of" is the former word for inputs. It stays in the digest and in manifests, so that older stores are found again.
    return digest({"stage": stage, "made_of": inputs})


def check_address(store: str) -> None:
    """Raise a ValueError where a store is no folder, such as s3://bucket."""
    # Path("s3://bucket") would quietly make a folder named "s3:".
    if scheme := _SCHEME.match(store):
        raise ValueError(f"expected a folder, which may lie on a shared file system. A store at {scheme[0]} is not supported")


class LocalStore:
    """A store in a folder. Writers publish by atomic rename and wait for each other by file locks."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder.expanduser().resolve()

    @property
    def replies(self) -> Path:
        """Return the folder of the kept replies."""
        return self.folder / "replies"

    def check(self) -> None:
        """Make the folder where needed; a Fault where it can't be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A full disk often still takes an empty file, so some bytes are written.
            probe = self.folder / f".write-{uuid.uuid4().hex}"
            probe.write_text("x" * 4096)
            probe.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> Fault:
        return Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH")

    def lock(self, key: str) -> FileLock:
        """Return a lock that makes two jobs do the same work once."""
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        return FileLock(self.folder / "locks" / f"{key}.lock")

    def find(self, stage: str, inputs: Sequence[Any]) -> Kept | None:
        """Return a finished stage, or None where it was not made yet."""
        key = stage_key(stage, inputs)
        return self._read(stage, key) if (self.folder / stage / key / "manifest.json").exists() else None

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None]) -> Kept:
        """Return a finished stage, after `make` wrote it into an empty folder where it was not made yet."""
        key = stage_key(stage, inputs)
        final = self.folder / stage / key
        with self.lock(f"{stage}-{key}"):
            if not (final / "manifest.json").exists():
                self._publish(final, inputs, make)
        return self._read(stage, key)

    def finished(self, stage: str) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, each with its inputs."""
        manifests = ((file.parent, self._manifest(file)) for file in sorted((self.folder / stage).glob("*/manifest.json")))
        return [(manifest["made_of"], Kept(folder, folder.name, manifest["seconds"])) for folder, manifest in manifests]

    def _read(self, stage: str, key: str) -> Kept:
        folder = self.folder / stage / key
        return Kept(folder, key, self._manifest(folder / "manifest.json")["seconds"])

    @staticmethod
    def _manifest(file: Path) -> dict[str, Any]:
        return dict(json.loads(file.read_text(encoding="utf-8")))

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
            # The manifest is written last: a folder with a manifest is whole.
            manifest = {"seconds": seconds, "made_of": inputs}
            publish(draft / "manifest.json", json.dumps(manifest, default=plain, indent=1), lasting=True)
            shutil.rmtree(final, ignore_errors=True)
            draft.rename(final)
        except OSError as error:
            if error.errno in _UNWRITABLE:
                raise self._unwritable(error) from error
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
