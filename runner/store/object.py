"""A store in a bucket, with a local cache.

Finished stages, replies and the references of tracked runs are shared. The cache alone has readings, the states of interrupted
stages, and notes of work at hosts.
"""

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.data.local_folder import local_folder
from runner.data.manifest import MANIFEST, DamagedFolderError, read_manifest
from runner.store import Kept, Sharing, StoredItem, Use, Uses
from runner.store.bucket import Bucket
from runner.store.lease import PATIENCE, Lease
from runner.store.leftovers import UNFINISHED
from runner.store.local import LARGEST_LISTED, LocalStore, stage_key
from runner.store.object_items import bucket_items, folder_of, last_written
from runner.store.published import HEAD, Head, PublishedStages
from runner.store.shared_replies import SharedReplies
from runner.store.uses import SINCE, file_name, parsed, written

log = logging.getLogger("runner")

LISTED = "listed"  # the cache's folder of stages without their large files


class ObjectStore:
    """A store of objects; each stage is published once."""

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        """Use `address`; nothing is asked or written yet.

        A lock whose holder writes nothing for `patience` seconds is free.
        """
        self.address, self.patience = address.rstrip("/"), patience
        self.bucket = Bucket(address)
        self.cache = LocalStore(local_folder(self.address))
        self.replies, self.readings, self.sweeps = self.cache.replies, self.cache.readings, self.cache.sweeps
        self._sending = SharedReplies(self.bucket, self.replies)
        self.shared: Sharing = self._sending
        self._stages = PublishedStages(self.bucket)
        self._noted: dict[str, frozenset[str]] = {}

    def check(self) -> None:
        """Raise a Fault if bucket or cache can't be written."""
        self.cache.check()
        self.bucket.check()
        self._sending.send_again()

    def lock(self, key: str) -> Lease:
        """Return a lock, so that two jobs do work once."""
        return Lease(self.bucket, key, self._local(key), self.patience)

    def find(self, stage: str, inputs: Sequence[Any], read: Callable[[Path], Any]) -> Kept | None:
        """Return a finished stage; None if missing or damaged."""
        if kept := self.cache.find(stage, inputs, read):
            return kept
        head = self._stages.head(stage, stage_key(stage, inputs))
        return self._fetched(stage, inputs, read, head) if head else None

    def keep(self, stage: str, inputs: Sequence[Any], make: Callable[[Path], None], read: Callable[[Path], Any]) -> Kept:
        """Return a finished stage, made first if missing or damaged."""
        key = stage_key(stage, inputs)
        if (head := self._stages.head(stage, key)) and (kept := self._fetched(stage, inputs, read, head)):
            return kept
        with self.lock(f"{stage}-{key}"):
            # Another job may have made it while this one waited for the lock.
            if (head := self._stages.head(stage, key)) and (kept := self._fetched(stage, inputs, read, head)):
                return kept
            kept = self.cache.keep(stage, inputs, make, read)
            counts = self._stages.publish(stage, kept.folder, replaced=head)
            # Another machine may have been first, since this one seemed dead to it. Both go on with its output.
            return self._fetched(stage, inputs, read, counts) or kept

    def finished(self, stage: str, read: Callable[[Path], Any]) -> list[tuple[Any, Kept]]:
        """List the finished outputs of a stage, with their inputs.

        Files of more than a megabyte, such as weights, are not fetched: `find` does that.
        """
        outputs = {kept.key: (inputs, kept) for inputs, kept in self.cache.finished(stage, read)}
        for key, head in self._stages.heads(stage).items():
            if key not in outputs and (folder := self._listed(stage, key, head)):
                manifest = read_manifest(folder)
                outputs[key] = manifest.inputs, Kept(folder, key, manifest.seconds)
        return [outputs[key] for key in sorted(outputs)]

    def refer(self, use: Use) -> None:
        """Add to the items that a tracked run refers to."""
        name = f"uses/{file_name(use)}"
        before = self._noted.get(name)
        if before is None:
            self.bucket.create(f"uses/{SINCE}", json.dumps({"since": time.time()}).encode())
            content = self.bucket.read(name)
            before = parsed(content).items if content else frozenset()
        together = before | use.items
        if together != self._noted.get(name):
            self.bucket.write(name, written(Use(use.run, use.tracker, together)).encode())
            self._noted[name] = together

    def uses(self) -> Uses:
        """Return what tracked runs refer to."""
        contents = self.bucket.read_each(list(self.bucket.list("uses")))
        since = contents.pop(f"uses/{SINCE}", None)
        return Uses(tuple(map(parsed, contents.values())), float(json.loads(since)["since"]) if since else float("inf"))

    def items(self) -> Iterator[StoredItem]:
        """Yield what could be removed."""
        return bucket_items(self.bucket)

    def inputs_of(self, item: StoredItem) -> str:
        """Return the manifest of a stage as text."""
        head = self._stages.head(item.part, item.key)
        return head.manifest if head else ""

    def remove(self, item: StoredItem) -> bool:
        """Remove an item; False if a job holds it or has written it since."""
        lock = self.lock(item.key if item.part == UNFINISHED else f"{item.part}-{item.key}")
        if not lock.acquire(blocking=False):
            return False
        try:
            objects = self.bucket.list(folder_of(item))
            if not objects or last_written(objects) > item.used:
                return False
            # The head first: without it a stage counts as missing.
            self.bucket.remove(sorted(objects, key=lambda name: not name.endswith(f"/{HEAD}")))
            for copy in (self.cache.folder / item.part / item.key, self.cache.folder / LISTED / item.part / item.key):
                shutil.rmtree(copy, ignore_errors=True)
            return True
        finally:
            lock.release()

    def forget(self, use: Use) -> None:
        """Remove the references of a deleted run."""
        self.bucket.remove([f"uses/{file_name(use)}"])

    def _local(self, key: str) -> FileLock:
        # Another one than that of the cache, which `keep` takes within.
        return self.cache.lock(f"shared-{key}")

    def _fetched(self, stage: str, inputs: Sequence[Any], read: Callable[[Path], Any], head: Head) -> Kept | None:
        """Return a published stage, fetched first if missing.

        None if it is damaged.
        """
        final = self.cache.folder / stage / stage_key(stage, inputs)
        if not _holds(final, head) or not self.cache.find(stage, inputs, read):
            try:
                with self.cache.lock(f"{stage}-{final.name}"):
                    self._stages.fetch(stage, final, head)
            except DamagedFolderError as damage:
                log.warning("the kept stage %s/%s of %s is damaged (%s)", stage, final.name, self.address, damage)
                return None
        return self.cache.find(stage, inputs, read)

    def _listed(self, stage: str, key: str, head: Head) -> Path | None:
        """Fetch the small files of a stage; None if they are damaged."""
        folder = self.cache.folder / LISTED / stage / key
        if not _holds(folder, head):
            try:
                self._stages.fetch(stage, folder, head, LARGEST_LISTED)
            except DamagedFolderError:
                return None
        return folder


def _holds(folder: Path, head: Head) -> bool:
    """Return true if a folder holds this attempt."""
    try:
        return (folder / MANIFEST).read_text(encoding="utf-8") == head.manifest
    except (OSError, ValueError):
        return False
