"""A store's folder in, its disk use by stage out."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.data.manifest import MANIFEST
from runner.store import StoredItem

DRAFTS = "drafts"


@dataclass
class DiskUse:
    """Disk use of one part of a store."""

    part: str
    outputs: int = 0  # finished stages; of other parts, files
    bytes: int = 0  # on the disk
    newest: float = 0.0  # seconds since the epoch, when the last file was written


def disk_use(folder: Path) -> list[DiskUse]:
    """Add up a store's files, the largest part first.

    Files of commands that work on them now, or were stopped while they did, are the part `drafts`.
    """
    uses: dict[str, DiskUse] = {}
    for path in _files(folder):
        within = path.relative_to(folder).parts
        part = DRAFTS if any(name.startswith(".") for name in within) else within[0]
        use = uses.setdefault(part, DiskUse(part))
        try:
            status = path.lstat()
        except FileNotFoundError:  # a command at work has just removed it
            continue
        # A stage counts once, by its manifest. Replies, locks and notes are single files.
        staged = part != DRAFTS and len(within) > 2 and (folder / within[0] / within[1] / MANIFEST).exists()
        use.outputs += path.name == MANIFEST and len(within) == 3 if staged else 1
        use.bytes += status.st_blocks * 512
        use.newest = max(use.newest, status.st_mtime)
    return sorted(uses.values(), key=lambda use: -use.bytes)


def use_of(items: Iterable[StoredItem]) -> list[DiskUse]:
    """Add up items, the largest part first."""
    uses: dict[str, DiskUse] = {}
    for item in items:
        use = uses.setdefault(item.part, DiskUse(item.part))
        use.outputs += 1
        use.bytes += item.bytes
        use.newest = max(use.newest, item.made)
    return sorted(uses.values(), key=lambda use: -use.bytes)


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)
