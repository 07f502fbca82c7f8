"""Folders that this program writes, known by a file."""

import json
from pathlib import Path

LABELS = "labels.json"  # beside labels in files: which labels they are
WEIGHTS = "tuning.json"  # beside an exported model: the key of its training in the store
EXAM = "origin.json"  # beside an exam that a program wrote: who wrote it, and the digest of its file
# A person's file may have such a name. The keys tell ours from it.
KEYS = {LABELS: {"digest", "forms"}, WEIGHTS: {"tuning", "of"}, EXAM: {"origin", "sha256"}}


def is_own(folder: Path) -> bool:
    """Return True if a file marks the folder as ours."""
    return any(_marks(folder / name) for name in KEYS)


def _marks(file: Path) -> bool:
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and KEYS[file.name] <= values.keys()
