"""A sweep's notes in the store: its plan, its jobs, its spending.

Processes of the sweep write them, on one machine or on several. Any process that reaches the store reads them.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from runner.data.atomic_write import publish

SWEEPS = "sweeps"  # the folder of the notes of all sweeps, in a store
# The parts of the notes, beside those of its jobs.
SWEEP = "sweep"  # the plan, which the command itself writes
SPENDING = "spending"  # the ledger of all its processes
STOP = "stop"  # the file that asks a sweep to end


class SweepNotes:
    """The notes of a sweep's start, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder

    @property
    def id(self) -> str:
        """Return the name of the folder; later sweeps have later names."""
        return self.folder.name

    def read(self, name: str) -> dict[str, Any]:
        """Return a part of the notes; {} if there is none."""
        try:
            content: dict[str, Any] = json.loads(self._file(name).read_bytes())
        except FileNotFoundError:
            return {}
        return content

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a part of the notes that one process owns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        publish(self._file(name), json.dumps(content))

    @contextmanager
    def changed(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield a part for one change, alone; keep it after the block."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / f"{name}.lock"):
            content = self.read(name)
            yield content
            self.write(name, content)

    @contextmanager
    def holding(self, name: str) -> Iterator[str]:
        """Hold a new lock within the block; yield its name.

        A process that is killed releases it. So others see by the lock whether its holder is alive.
        """
        holder = f"{name}-{secrets.token_hex(4)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._held(holder)):
                yield holder
        finally:
            # Nobody else ever holds it, so it can be removed, unlike the lock of a stage.
            self._held(holder).unlink(missing_ok=True)

    def is_held(self, holder: str) -> bool:
        """Return true if a lock of `holding` is held."""
        if not self._held(holder).exists():
            return False
        try:
            with FileLock(self._held(holder)).acquire(blocking=False):
                return False
        except (Timeout, OSError):  # where the store can only be read, no lock can be tried
            return True

    def jobs(self) -> dict[int, dict[str, Any]]:
        """Return what each job wrote last, by the job's number."""
        numbers = [int(file.stem.partition("-")[2]) for file in self.folder.glob("job-*.json")]
        return {number: self.read(job_name(number)) for number in sorted(numbers)}

    def ask_to_stop(self) -> None:
        """Leave the mark at which the sweep's processes end."""
        (self.folder / STOP).touch()

    @property
    def is_to_stop(self) -> bool:
        """Return true if the mark is there."""
        return (self.folder / STOP).exists()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _held(self, holder: str) -> Path:
        return self.folder / f"{holder}.held"


def job_name(number: int | str) -> str:
    """Return the name of a job's part of the notes."""
    return f"job-{number}"


def new_notes(folder: Path) -> SweepNotes:
    """Return the notes of a sweep that begins now."""
    return SweepNotes(folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}")


def all_notes(folder: Path) -> list[SweepNotes]:
    """List the notes of all sweeps, the newest sweep first."""
    return [SweepNotes(path) for path in sorted(folder.glob("[!.]*"), reverse=True) if path.is_dir()]
