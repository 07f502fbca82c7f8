"""A command line in, the state of a sweep printed."""

from collections.abc import Iterator, Sequence
from typing import Any

from runner.commands.find_sweep import find_sweep
from runner.commands.sweep_state import LOST, JobState, SweepState, sweep_state
from runner.store.sweep_notes import SPENDING
from runner.terminal.plain_text import plain

LONGEST = 160  # characters of a title or a reason
STATES = ("done", "running", "waiting", "failed", "stopped", LOST)
WORDS = {LOST: "ended without a word"}
OF_SWEEP = {
    "running": "running",
    "finished": "finished",
    "failed": "failed",
    "stopped": "stopped. The same command goes on from what is kept",
    LOST: "ended without a word: killed, or its machine went down. The same command goes on from what is kept",
}


def show_status(words: Sequence[str]) -> None:
    """Print which jobs of a sweep are done and running."""
    for line in described(sweep_state(find_sweep(words))):
        print(plain(line))


def described(sweep: SweepState) -> Iterator[str]:
    """Describe a sweep, in lines."""
    plan = sweep.plan
    yield f"{sweep.notes.id}  {_first_line(plan['title'])}"
    asked = " It is to stop." if sweep.at_work and sweep.notes.is_to_stop else ""
    yield f"{OF_SWEEP[sweep.state]} ({plan['host']}, process {plan['process']}, hydra/launcher={plan['launcher']}).{asked}"
    if plan.get("reason"):
        yield f"  {_first_line(plan['reason'])}"
    yield f"run {plan.get('run', '-')}, folder {plan['output']}"
    for title, shared in (("shared work", True), ("runs", False)):
        if counts := sweep.counts(shared):
            yield f"{title}: {', '.join(f'{counts[state]} {_word(state, sweep)}' for state in STATES if counts[state])}"
            width = max(len(_word(job.state, sweep)) for job in sweep.jobs)
            yield from (f"  {_word(job.state, sweep):<{width}}  {_job(job)}" for job in sweep.jobs if job.shared == shared)
    if not sweep.jobs and sweep.at_work:
        yield "no run has begun: the points are checked, or the exam is written"
    if sweep.at_work:
        yield f"time left: {_left(sweep.left)}"
    yield f"GPU hours: {sweep.gpu_hours:.2f}, a GPU counting as long as a job holds memory on it; all jobs: {sweep.hours:.2f} h"
    if spending := sweep.notes.read(SPENDING):
        yield f"hosted models: {_spent(spending)}"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "not known before the first run is done"
    return f"about {duration(seconds)}, if the other runs take as long as those that are done"


def _job(job: JobState) -> str:
    note = job.note
    if job.state == "waiting":
        return job.name
    line = f"{job.name}  {duration(job.seconds)}"
    if job.state == "failed":
        return f"{line}: {_first_line(note['reason'])}"
    if job.state in ("running", LOST):
        return f"{line}{_doing(note)} ({note['host']}, process {note['process']})"
    return line


def _doing(note: dict[str, Any]) -> str:
    """Describe what a job does, or did last."""
    if note["total"]:
        left = f", {duration(note['left'])} left" if note["left"] is not None else ""
        return f"  {note['work']}: {note['done']} of {note['total']}{left}"
    return f"  {note['stage']}" if note["stage"] else ""


def _spent(spending: dict[str, Any]) -> str:
    """Write the paid and the reserved amounts of a ledger."""
    paid, reserved = spending["paid"], spending["reserved"].values()
    open_ = {name: sum(amounts[name] for amounts in reserved) for name in paid}
    dollars = "" if paid["usd"] != paid["usd"] else f", ${paid['usd']:.4g}"
    text = f"{paid['requests']:,} requests, {paid['tokens']:,} tokens{dollars}"
    return f"{text}; reserved: {open_['requests']:,} requests, {open_['tokens']:,} tokens" if open_["requests"] else text


def _word(state: str, sweep: SweepState) -> str:
    return "not begun" if state == "waiting" and not sweep.at_work else WORDS.get(state, state)


def _first_line(text: str) -> str:
    line = text.splitlines()[0] if text else ""
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."


def duration(seconds: float) -> str:
    """Write a duration for people."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
