"""A sweep's notes as its processes write them, and a real sweep that waits in its first run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from runner.store.sweep_notes import SPENDING, SWEEP, SweepNotes, job_name

NOTE = {"host": "here", "process": 12, "seconds": 60.0, "gpu_seconds": 0.0, "stages": 3, "reason": ""}
STEPS: dict[str, Any] = {"stage": "", "work": "", "done": 0, "total": 0, "left": None}
TUNING = {"stage": "tuned", "work": "tuning", "done": 30, "total": 40, "left": 20.0}


@contextmanager
def recorded(
    folder: Path, states: Sequence[str], name: str = "20310503-101500-aaaa", state: str = "running", **more: Any
) -> Iterator[SweepNotes]:
    """Note a sweep of a shared job and a run in each state; locks of what is at work are held within the block."""
    notes = SweepNotes(folder / "sweeps" / name)
    jobs = {"0": {"name": "base, rag", "shared": True}}
    jobs |= {str(number): {"name": f"fact {number}x", "shared": False} for number in range(1, len(states))}
    with ExitStack() as locks:
        for number, of_job in enumerate(states):
            if of_job == "waiting":
                continue
            holder = locks.enter_context(notes.holding(job_name(number))) if of_job == "running" else "nobody"
            note = {**NOTE, **(TUNING if of_job in ("running", "lost") else STEPS), "holder": holder}
            note |= {"reason": "the host is down\nfor long"} if of_job == "failed" else {}
            notes.write(job_name(number), {**note, "state": "running" if of_job == "lost" else of_job})
        holder = locks.enter_context(notes.holding(SWEEP)) if state == "running" else "nobody"
        plan = {
            "host": "here",
            "process": 11,
            "title": "size=1x,5x",
            "launcher": "basic",
            "output": f"{folder}/out",
            "run": "cafe1",
        }
        notes.write(SWEEP, {**plan, "state": "running" if state == "lost" else state, "holder": holder, "jobs": jobs, **more})
        yield notes


def spend(notes: SweepNotes) -> None:
    """Write a ledger."""
    amounts = {"usd": 0.25, "tokens": 1200, "requests": 30}
    notes.write(SPENDING, {"paid": amounts, "reserved": {"job-1/1": amounts}})
