"""A sweep and its jobs in, notes of both out.

Another shell reads them there, and no process has to ask another one.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from runner.local_models.gpus_held import gpus_held
from runner.spending.ledger import SharedLedger, paying_from
from runner.store.sweep_notes import SWEEP, SweepNotes, job_name, new_notes
from runner.sweep.command import title
from runner.sweep.interruption import JobGrace, watched
from runner.terminal.activity import Activity, noted

P = ParamSpec("P")
R = TypeVar("R")

EVERY = 5.0  # seconds between two states that a job writes
GRACE = 60.0  # seconds that a stopped command waits for its jobs
SHOWN = 20.0  # seconds until a shared file system shows a new folder
STOPPED = "the sweep was stopped"
OTHER_STORE = (
    "{folder} is not there on {host}, so this job does not work with the store of its sweep. Machines that share a sweep need "
    "one store, on a shared file system: store=FOLDER"
)

log = logging.getLogger("runner")


class NotedSweep:
    """The notes of a sweep that is at work."""

    def __init__(self, notes: SweepNotes, content: dict[str, Any]) -> None:
        """Begin with a plan without jobs."""
        self._notes, self._content = notes, {**content, "state": "running", "jobs": {}}
        self.ends = False  # by an error of the launcher; an interruption would disturb that
        self._write()

    @property
    def folder(self) -> str:
        """Return what a job needs to find the notes."""
        return str(self._notes.folder)

    def track(self, run: str) -> None:
        """Note the tracked run of the sweep."""
        self._content["run"] = run
        self._write()

    def guarded(self, launch: Callable[P, R]) -> Callable[P, R]:
        """Return a launcher that ends a sweep when asked."""

        def guarded(*arguments: P.args, **options: P.kwargs) -> R:
            try:
                jobs = launch(*arguments, **options)
                if self._notes.is_to_stop:
                    raise KeyboardInterrupt
            except BaseException:
                self.ends = True
                raise
            return jobs

        return guarded

    def plan(self, first: int, names: Sequence[str], shared: bool = False) -> None:
        """Note jobs to come, numbered from `first` on; `shared` if they do work that arms share."""
        self._content["jobs"] |= {str(number): {"name": name, "shared": shared} for number, name in enumerate(names, start=first)}
        self._write()

    def end(self, state: str, reason: str = "") -> None:
        """Note how the sweep ended."""
        self._content |= {"state": state, "reason": reason}
        self._write()

    def _write(self) -> None:
        # What people are told is no reason to end a sweep: a store that can't be written is told by what needs it.
        with suppress(OSError):
            self._notes.write(SWEEP, self._content)


@contextmanager
def noted_sweep(folder: Path, hydra: Any) -> Iterator[NotedSweep]:
    """Note a sweep in a store's folder of notes.

    `hydra` is Hydra's own config. All paid work within the block shares one ledger.
    """
    notes = new_notes(folder)
    with notes.holding(SWEEP) as holder, paying_from(SharedLedger(notes, holder)):
        content = {"title": title(hydra), "began": time.time(), "holder": holder, **_process()}
        content |= {"launcher": hydra.runtime.choices["hydra/launcher"], "output": str(Path(hydra.sweep.dir).absolute())}
        sweep, waiting = NotedSweep(notes, content), JobGrace(notes, GRACE)
        try:
            with watched(notes, lambda: None, lambda: not sweep.ends and waiting.over()):
                yield sweep
        except BaseException as error:
            stopped = notes.is_to_stop or not isinstance(error, Exception)
            sweep.end("stopped" if stopped else "failed", "" if stopped else str(error) or repr(error))
            raise
        sweep.end("finished")


def noted_job(folder: str, number: int, work: Callable[[], str]) -> str:
    """Do a job's work; return why it failed, or nothing.

    Without a folder, nothing is noted.
    """
    if not folder:
        return work()
    notes = SweepNotes(Path(folder))
    if not _is_seen(notes):
        log.error("%s", reason := OTHER_STORE.format(folder=folder, host=socket.gethostname()))
        return reason
    if notes.is_to_stop:
        return STOPPED
    with notes.holding(job_name(number)) as holder, paying_from(SharedLedger(notes, holder)), noted() as activity:
        note = _JobNote(notes, number, holder, activity)
        note.write("running")
        try:
            with watched(notes, note.repeat):
                reason = work()
        except BaseException as error:
            note.write("stopped")
            # Not raised: a launcher that sees an error of one job kills the others, which could not end in order then.
            if isinstance(error, KeyboardInterrupt) and notes.is_to_stop:
                return STOPPED
            raise
        note.write("failed" if reason else "done", reason)
    return reason


class _JobNote:
    """A job's own part of the notes."""

    def __init__(self, notes: SweepNotes, number: int, holder: str, activity: Activity) -> None:
        self._notes, self._name, self._activity = notes, job_name(number), activity
        self._fixed: Mapping[str, Any] = {"holder": holder, **_process()}
        earlier = notes.read(self._name)  # of an attempt that was killed, or that its launcher began again
        self._seconds, self._gpu_seconds = earlier.get("seconds", 0.0), earlier.get("gpu_seconds", 0.0)
        self._since = self._written = time.monotonic()

    def repeat(self) -> None:
        """Write the note again if it is old."""
        if time.monotonic() - self._written >= EVERY:
            self.write("running")

    def write(self, state: str, reason: str = "") -> None:
        """Write the note."""
        now, activity = time.monotonic(), self._activity
        # Durations and no times of day: the clocks of two machines differ, and a clock may be set back.
        self._gpu_seconds += (now - self._written) * gpus_held()
        self._written = now
        doing = {"stages": activity.stages, "stage": activity.stage, "work": activity.work, "left": activity.left}
        spent = {"seconds": self._seconds + now - self._since, "gpu_seconds": self._gpu_seconds}
        steps = {"done": activity.done, "total": activity.total}
        with suppress(OSError):
            self._notes.write(self._name, {**self._fixed, "state": state, "reason": reason, **spent, **doing, **steps})


def _is_seen(notes: SweepNotes) -> bool:
    """Wait until the notes are seen; return false if they are not."""
    end = time.monotonic() + SHOWN
    while not notes.folder.exists() and time.monotonic() < end:
        time.sleep(0.5)
    return notes.folder.exists()


def _process() -> dict[str, Any]:
    return {"host": socket.gethostname(), "process": os.getpid()}
