"""Folders that this program writes, known by a file."""

import json
from contextlib import suppress
from pathlib import Path

from runner.data.place import can_be_made
from runner.errors import Fault

LABELS = "labels.json"  # beside labels in files: which labels they are
WEIGHTS = "tuning.json"  # beside an exported model: the key of its training in the store
EXAM = "origin.json"  # beside an exam that a program wrote: who wrote it, and the digest of its file
# A person's file may have such a name. The keys tell ours from it.
KEYS = {LABELS: {"digest", "forms"}, WEIGHTS: {"tuning", "of"}, EXAM: {"origin", "sha256"}}


def is_own(folder: Path) -> bool:
    """Return True if a file marks the folder as ours."""
    return any(_marks(folder / name) for name in KEYS)


def check_free(folder: Path, setting: str, ours: bool) -> None:
    """Raise a Fault if a folder can't be written anew."""
    if folder.is_file() or (_holds(folder) and not ours):
        raise Fault(f"{setting}={folder}: something is there already. Name a folder that is empty or that there is not")
    if not can_be_made(folder):
        raise Fault(f"{setting}={folder}: can't be written. Name another folder: {setting}=PATH")


def written_before(mark: Path, field: str, key: str, other: str) -> bool:
    """Return True if this very output was written there before.

    `mark` is the file that would say so, and `key` its value of `field`. Raise a Fault, which begins with `other`, if the folder
    holds something else.
    """
    with suppress(OSError, ValueError, LookupError, TypeError):  # no mark, or a damaged one
        if json.loads(mark.read_bytes())[field] == key:
            return True
    if _holds(mark.parent):
        raise Fault(f"{other} there already. Name another folder, or remove it")
    return False


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _marks(file: Path) -> bool:
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and KEYS[file.name] <= values.keys()
