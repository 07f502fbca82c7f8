"""Tracked runs in, the stages that they need out.

Each run has a file of its own, so that any number of jobs write without a lock.
"""

import json
import time
from pathlib import Path

from runner.data.atomic_write import publish
from runner.data.records import digest
from runner.errors import Fault
from runner.store import Use, Uses

SINCE = "since.json"


class KeptUses:
    """References of tracked runs in a folder."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder
        self._written: dict[Path, frozenset[str]] = {}

    def add(self, use: Use) -> None:
        """Add items to those of a run."""
        path = self._path(use)
        # An attempt that was killed has noted some of them: a stage that it made may wait for this one to come to it.
        before = self._written.get(path) or _former(path)
        together = before | use.items
        if together != self._written.get(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / SINCE).exists():
                publish(self.folder / SINCE, json.dumps({"since": time.time()}), lasting=True)
            publish(path, written(Use(use.run, use.tracker, together)), lasting=True)
            self._written[path] = together

    def read(self) -> Uses:
        """Return the references of all runs.

        Raise a Fault if a file is damaged: nobody knows then which items are in use.
        """
        if not (self.folder / SINCE).exists():
            return Uses()
        try:
            since = float(json.loads((self.folder / SINCE).read_bytes())["since"])
            files = (file for file in sorted(self.folder.glob("[!.]*.json")) if file.name != SINCE)
            return Uses(tuple(parsed(file.read_bytes()) for file in files), since)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Fault(f"what tracked runs refer to can't be read: {error!r}. Look into {self.folder}") from error

    def forget(self, use: Use) -> None:
        """Remove the references of a run."""
        self._path(use).unlink(missing_ok=True)

    def _path(self, use: Use) -> Path:
        return self.folder / file_name(use)


def file_name(use: Use) -> str:
    """Return the name of the file of a run's references."""
    return f"{digest([use.run, use.tracker])}.json"


def written(use: Use) -> str:
    """Write the references of a run as JSON."""
    return json.dumps({"run": use.run, "tracker": use.tracker, "items": sorted(use.items)}, indent=1)


def parsed(content: bytes) -> Use:
    """Read the references of a run from JSON."""
    value = json.loads(content)
    return Use(str(value["run"]), str(value["tracker"]), frozenset(map(str, value["items"])))


def _former(file: Path) -> frozenset[str]:
    """Return the items of a file; none if it is missing or damaged."""
    try:
        return parsed(file.read_bytes()).items
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
