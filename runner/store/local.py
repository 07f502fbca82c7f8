"""Stage outputs, kept by the hash of what made them, and replies, kept by the hash of what was asked."""

import errno
import json
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.data.atomic_write import publish
from runner.data.records import digest, plain
from runner.errors import Fault
from runner.local_models.glibc_memory import give_back_memory
from runner.model import Model
from runner.store.reply_cache import Ask, Remembering, freely

# what a store that can't be written fails with; any other error is the making's own
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO, errno.EPERM}


@dataclass(frozen=True)
class Kept:
    """A finished stage: the folder that holds its output, and the seconds that it took when it was made."""

    folder: Path
    key: str
    seconds: float


class Store:
    """A folder of finished stages and replies, shared by runs, sweeps and jobs on one machine or file system."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, making it where needed; a Fault where it can't be written."""
        self.folder = folder.expanduser().resolve()
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".write-{uuid.uuid4().hex}"
            probe.write_text("x" * 4096)
            probe.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> Fault:
        return Fault(f"the store {self.folder} can't be written: {error}. Free space or name another: store=PATH")

    def lock(self, key: str) -> FileLock:
        """The lock that makes two jobs that want the same thing do it once."""
        return FileLock(self.folder / "locks" / f"{key}.lock")

    def keep(self, stage: str, made_of: Any, make: Callable[[Path], None]) -> Kept:
        """The output of a stage, made by `make` in an empty folder unless the same stage was kept before."""
        key = digest({"stage": stage, "made_of": made_of})
        final = self.folder / stage / key
        with self.lock(f"{stage}-{key}"):
            if not (final / "manifest.json").exists():
                self._publish(final, made_of, make)
        manifest = json.loads((final / "manifest.json").read_text(encoding="utf-8"))
        return Kept(final, key, manifest["seconds"])

    def _publish(self, final: Path, made_of: Any, make: Callable[[Path], None]) -> None:
        for stale in final.parent.glob(f".{final.name}-*"):  # of processes that were killed: the lock is ours
            shutil.rmtree(stale, ignore_errors=True)
        draft = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
        began = time.monotonic()
        try:
            draft.mkdir(parents=True)
            make(draft)
            if (seconds := time.monotonic() - began) > 1:  # in less no model was loaded, and looking for what is free takes long
                give_back_memory()
            manifest = {"seconds": seconds, "made_of": made_of}
            publish(draft / "manifest.json", json.dumps(manifest, default=plain, indent=1), lasting=True)
            shutil.rmtree(final, ignore_errors=True)
            draft.rename(final)
        except OSError as error:
            if error.errno in _UNWRITABLE:
                raise self._unwritable(error) from error
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def remember(self, model: Model, asking: Ask = freely) -> Remembering:
        """The same model, but each of its replies is kept as it arrives and never asked for again."""
        return Remembering(model, self.folder / "replies", asking)


class Unmade(Exception):  # noqa: N818 - it is no error that a stage is still to be made
    """A stage was asked for that nobody made yet."""


class Finished(Store):
    """The same store, but a stage that was not made before is not made now."""

    def _publish(self, final: Path, made_of: Any, make: Callable[[Path], None]) -> None:
        raise Unmade(final.parent.name)
