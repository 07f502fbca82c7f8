"""A store's folder in, its items out, or one removed."""

import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from runner.data.manifest import MANIFEST
from runner.store import StoredItem
from runner.store.leftovers import UNFINISHED

REPLIES, READINGS = "replies", "readings"
SINGLE = (REPLIES, READINGS)  # parts whose items are files, and are in nobody's inputs
_KEY = "[0-9a-f]{32}"
# Other files may lie in a folder that somebody takes for a store.
_NAMES = {REPLIES: re.compile(rf"{_KEY}\.json"), READINGS: re.compile(rf"{_KEY}\.txt"), UNFINISHED: re.compile(rf"\w+-{_KEY}")}
_STAGE = re.compile(_KEY)


def local_items(store: Path) -> Iterator[StoredItem]:
    """Yield stages, replies, readings and unfinished work.

    Anything else, such as notes of paid work at a host, is no item.
    """
    for part in sorted(path for path in store.iterdir() if path.is_dir()):
        name = _NAMES.get(part.name, _STAGE)
        for place in part.glob("[0-9a-f][0-9a-f]/*" if part.name == REPLIES else "*"):
            # Another command may have just removed it.
            with suppress(FileNotFoundError):
                if name.fullmatch(place.name) and (name is not _STAGE or (place / MANIFEST).is_file()):
                    yield _item(part.name, place)


def place_of(store: Path, item: StoredItem) -> Path:
    """Return the file or folder of an item."""
    return store / item.part / (f"{item.key[:2]}/{item.key}" if item.part == REPLIES else item.key)


def remove_item(store: Path, item: StoredItem, lock: Callable[[str], FileLock]) -> bool:
    """Remove an item; False if a job holds it or has used it since."""
    place = place_of(store, item)
    if item.part in SINGLE:
        if place.stat().st_mtime > item.used:
            return False
        place.unlink()
        return True
    # Whoever makes or finds a stage holds this lock.
    stage_lock = lock(item.key if item.part == UNFINISHED else f"{item.part}-{item.key}")
    try:
        with stage_lock.acquire(blocking=False):
            if _item(item.part, place).used > item.used:
                return False
            # The name of a draft: if this process is killed, the next command removes the rest.
            draft = place.with_name(f".{item.key}-{uuid.uuid4().hex}")
            place.rename(draft)
    except Timeout:
        return False
    shutil.rmtree(draft, ignore_errors=True)
    return True


def mark_used(folder: Path) -> None:
    """Set the time of a stage's last use."""
    # That of the folder. Those of files show what was changed.
    now = time.time()
    os.utime(folder, (now, now))


def _item(part: str, place: Path) -> StoredItem:
    inside = [place, *(place.rglob("*") if place.is_dir() else ())]
    states = [path.lstat() for path in inside]
    newest = max(state.st_mtime for state in states)
    manifest = place / MANIFEST
    made = manifest.stat().st_mtime if part not in (*SINGLE, UNFINISHED) else newest
    return StoredItem(part, place.name, sum(state.st_blocks * 512 for state in states), made, newest)
