"""Drafts that killed processes left in a store: found and removed."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from runner.data.atomic_write import DRAFT
from runner.store.sweep_notes import SWEEPS

STALE = 3600.0  # seconds; a file is written within a few, a folder for as long as its lock is held
UNFINISHED = "unfinished"  # the folder of the states of stages that were interrupted
ABANDONED = 30 * 24 * 3600.0  # seconds; nobody has gone on with it for a month
_STAGE_DRAFT = re.compile(r"\.([0-9a-f]{32})-[0-9a-f]{32}")


def leftovers(store: Path) -> Iterator[Path]:
    """Yield the drafts in a store and in its folders."""
    # No deeper: replies lie deeper, and there may be a million of them. Their drafts lie in the folder above.
    for folder in (store, *(child for child in store.iterdir() if child.is_dir())):
        yield from (path for path in folder.glob(".*") if DRAFT.fullmatch(path.name))


def remove_leftovers(store: Path, lock: Callable[[str], FileLock]) -> None:
    """Remove what no living process writes: drafts, old states and notes."""
    for path in list(leftovers(store)):
        # Another job may remove the same draft at the same time.
        with suppress(OSError, Timeout):
            if path.is_file():
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink()
            elif match := _STAGE_DRAFT.fullmatch(path.name):
                # A process that makes a stage holds its lock until the stage is finished, if need be for days.
                with lock(f"{path.parent.name}-{match[1]}").acquire(blocking=False):
                    shutil.rmtree(path)
    for notes in (store / SWEEPS).glob("*"):
        with suppress(OSError):
            # A sweep that is alive writes every few seconds, and each file that is written changes the time of its folder.
            if time.time() - notes.stat().st_mtime > ABANDONED:
                shutil.rmtree(notes)
    for state in (store / UNFINISHED).glob("*/*"):
        with suppress(OSError):
            if time.time() - state.stat().st_mtime > ABANDONED:
                shutil.rmtree(state.parent)
