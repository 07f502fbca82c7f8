"""A sweep's notes in, its state and its jobs' out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

from runner.store.sweep_notes import SWEEP, SweepNotes, job_name

LOST = "lost"  # a process that was killed: it wrote no last word, and its lock is free


@dataclass(frozen=True)
class JobState:
    """A job of a sweep, by its notes."""

    name: str
    shared: bool  # it does work that arms share
    state: str  # waiting, running, done, failed, stopped or lost
    note: dict[str, Any]  # what the job wrote last; {} of one that did not begin

    @property
    def seconds(self) -> float:
        """Return the time that its attempts took."""
        return float(self.note.get("seconds", 0.0))

    @property
    def worked(self) -> bool:
        """Return true if it made a stage itself."""
        return bool(self.note.get("stages"))


@dataclass(frozen=True)
class SweepState:
    """A sweep, by its notes."""

    notes: SweepNotes
    plan: dict[str, Any]  # what the command wrote last
    state: str  # running, finished, failed, stopped or lost
    jobs: Sequence[JobState]

    @cached_property
    def at_work(self) -> bool:
        """Return true if a process of the sweep is alive."""
        return self.state == "running" or any(job.state == "running" for job in self.jobs)

    def counts(self, shared: bool) -> Counter[str]:
        """Count the jobs in each state."""
        return Counter(job.state for job in self.jobs if job.shared == shared)

    @property
    def left(self) -> float | None:
        """Estimate the seconds until all runs are done; None where nothing is known.

        Each run is taken to need as long as those that are done, and as many to be at work at a time as now.
        """
        runs = [job for job in self.jobs if not job.shared]
        done = [job.seconds for job in runs if job.state == "done" and job.worked]
        if not done or any(job.shared and job.state in ("waiting", "running") for job in self.jobs):
            return None
        mean, running = fmean(done), [job for job in runs if job.state == "running"]
        waiting = sum(job.state == "waiting" for job in runs)
        return (sum(max(0.0, mean - job.seconds) for job in running) + waiting * mean) / max(1, len(running))

    @property
    def gpu_hours(self) -> float:
        """Add up the jobs' times, each times the GPUs held."""
        return float(sum(job.note.get("gpu_seconds", 0.0) for job in self.jobs)) / 3600

    @property
    def hours(self) -> float:
        """Add up the time of all jobs."""
        return sum(job.seconds for job in self.jobs) / 3600


def sweep_state(notes: SweepNotes) -> SweepState:
    """Read a sweep's notes."""
    written, plan = notes.jobs(), _settled(notes, SWEEP)
    jobs = []
    for number, job in plan["jobs"].items():
        note = _settled(notes, job_name(number)) if int(number) in written else {}
        jobs.append(JobState(job["name"], job["shared"], note.get("state", "waiting"), note))
    return SweepState(notes, plan, plan["state"], jobs)


def _settled(notes: SweepNotes, name: str) -> dict[str, Any]:
    """Read a part of the notes; its state is `lost` if its writer was killed."""
    part = notes.read(name)
    if part["state"] == "running" and not notes.is_held(part["holder"]):
        # Its writer may have ended between the two looks. Then it has left its last word by now.
        part = notes.read(name)
        if part["state"] == "running":
            part["state"] = LOST
    return part
