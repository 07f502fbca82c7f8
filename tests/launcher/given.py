"""Jobs as small as can be, and a small sweep as a command."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn, JobStatus

from runner.launcher.surroundings import Surroundings
from runner.tracker.mlflow import MLflow
from tests import command
from tests.sweep.given import quick

ROOT = Path(__file__).resolve().parents[2]


def returned(value: Any) -> JobReturn:
    """What a job returns that ended well."""
    done = JobReturn()
    done.return_value, done.status = value, JobStatus.COMPLETED
    return done


ROOTED = Surroundings("/", "/store")


@dataclass(frozen=True)
class Task:
    """What a job does, as far as a launcher looks at it."""

    variables: tuple[str, ...] = ()

    def __call__(self, cfg: Any) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True)
class SmallJob:
    """A job that notes that it began, and returns what reached it; a deadly one kills its process instead.

    A job that waits does so for a signal when it begins for the first time. One with an error raises it.
    """

    name: str
    folder: Path
    deadly: bool = False
    waits: bool = False
    error: str = ""
    surroundings: Surroundings = ROOTED
    task: Task = Task()

    def __call__(self) -> JobReturn:
        """Note, and return, wait or die."""
        self.surroundings.enter()
        with (self.folder / self.name).open("a") as notes:
            notes.write("begun ")
        if self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.error:
            raise ValueError(self.error)
        if self.waits and self.begun() == 1:
            try:
                time.sleep(300)
            except SystemExit:  # a job of a sweep returns the reason of whatever ends it
                return returned("stopped")
        return returned((self.name, os.environ.get("OMP_NUM_THREADS"), os.environ.get("OPENAI_API_KEY")))

    def begun(self) -> int:
        """How often the job began."""
        file = self.folder / self.name
        return len(file.read_text().split()) if file.exists() else 0

    def failed(self, reason: str) -> JobReturn:
        """Return the reason."""
        return returned(reason)


def sweep(folder: Path, uri: str, *overrides: str) -> list[Any]:
    """Run a sweep of two sizes with a store of its own; return its arms."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [*quick(folder, uri), "baseline=base", "size=1x,5x", f"hydra.sweep.dir={folder}/sweep", *overrides]
    done = command.run(["-m", *words], folder, surroundings, 540)
    assert done.returncode == 0, done.stderr
    assert "Recommendation" in done.stdout
    return arms(uri)


def arms(uri: str) -> list[Any]:
    """The arms of a tracking store: baseline or method and size, status, answers and grades."""
    tracker = MLflow(uri=uri)
    runs = [run for run in tracker.history() if run.tags["runner.kind"] == "arm"]
    kinds = {run.id: (run.tags["runner.arm"], run.parameters.get("size")) for run in runs}
    rows = {run.id: [(row["id"], row["answer"], row["grade"]) for row in tracker.rows(run.id, "answers")] for run in runs}
    return sorted([kinds[run.id], run.status, sorted(rows[run.id])] for run in runs)
