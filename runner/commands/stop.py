"""A command line in, a sweep stopped."""

import time
from collections.abc import Sequence

from runner.commands.find_sweep import find_sweep
from runner.commands.sweep_state import SweepState, sweep_state
from runner.errors import Fault
from runner.terminal.plain_text import plain

WAIT = 90.0  # seconds for the processes of a sweep to see the mark and end
LOOK = 0.5


def stop_sweep(words: Sequence[str]) -> None:
    """Stop a sweep as Ctrl-C does, on all its machines.

    Raise a Fault if it is still at work after a while.
    """
    notes = find_sweep(words)
    state = sweep_state(notes)
    if not state.at_work:
        print(plain(f"{notes.id} is not at work: {state.state}"))
        return
    notes.ask_to_stop()
    print(plain(f"{notes.id} is to stop: {state.plan['title']}"), flush=True)
    until = time.monotonic() + WAIT
    while state.at_work and time.monotonic() < until:
        time.sleep(LOOK)
        state = sweep_state(notes)
    if state.at_work:
        raise Fault(
            f"{notes.id} is still at work after {WAIT:.0f} s: {_at_work(state)}. On a shared file system it may take some "
            "minutes until a machine sees the mark; run.py --status tells. Jobs in the queue of a cluster end when they begin"
        )
    print("stopped; the same command goes on from what is kept")


def _at_work(state: SweepState) -> str:
    """Name the processes that are at work."""
    notes = [state.plan] if state.state == "running" else []
    notes += [job.note for job in state.jobs if job.state == "running"]
    return ", ".join(dict.fromkeys(f"process {note['process']} on {note['host']}" for note in notes))
