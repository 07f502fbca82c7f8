"""A mark in a sweep's notes interrupts its processes, each once."""

import signal
import time
from pathlib import Path

import pytest

from runner.store.sweep_notes import SweepNotes, job_name
from runner.sweep import interruption
from runner.sweep.interruption import JobGrace, watched

LIMIT = 60.0  # seconds


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "LOOK", 0.01)
    monkeypatch.setattr(interruption, "SETTLED", 0.0)


def work() -> None:
    """Work for long."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        time.sleep(0.01)


def test_the_mark_ends_the_work_like_ctrl_c_and_once(tmp_path: Path) -> None:
    looks: list[int] = []
    notes = SweepNotes(tmp_path / "first")
    with pytest.raises(KeyboardInterrupt), watched(notes, lambda: looks.append(1)):
        notes.folder.mkdir()
        notes.ask_to_stop()
        work()
    assert looks
    # A command and its job may be one process: the second watch does not disturb the end that the first one began.
    before = len(looks)
    with watched(notes, lambda: looks.append(1)):
        until = time.monotonic() + LIMIT
        while len(looks) < before + 3 and time.monotonic() < until:
            time.sleep(0.01)


def test_a_command_is_interrupted_when_it_is_ready(tmp_path: Path) -> None:
    notes, asked = SweepNotes(tmp_path / "second"), list[int]()
    notes.folder.mkdir()
    notes.ask_to_stop()

    def ready() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(KeyboardInterrupt), watched(notes, lambda: None, ready):
        work()
    assert len(asked) == 4


def test_a_look_at_a_store_that_fails_for_a_moment_ends_nothing(tmp_path: Path) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        raise OSError("stale file handle")

    with watched(SweepNotes(tmp_path / "third"), look):
        until = time.monotonic() + LIMIT
        while len(looks) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    assert len(looks) >= 3


def test_a_command_waits_for_its_jobs_but_not_for_ever(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    with notes.holding(job_name(0)) as holder:
        notes.write(job_name(0), {"state": "running", "holder": holder})
        waiting, hasty = JobGrace(notes, LIMIT), JobGrace(notes, 0.0)
        assert (waiting.over(), hasty.over()) == (False, False)
        time.sleep(0.01)
        assert (waiting.over(), hasty.over()) == (False, True)
        notes.write(job_name(0), {"state": "stopped", "holder": holder})
        assert waiting.over()
    notes.write(job_name(0), {"state": "running", "holder": holder})  # of a job that was killed
    assert waiting.over()


def test_a_process_that_ignores_ctrl_c_is_stopped_in_order_too(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path / "ignoring")
    notes.folder.mkdir()
    before = [signal.signal(number, how) for number, how in ((signal.SIGINT, signal.SIG_IGN), (signal.SIGTERM, signal.SIG_DFL))]
    try:
        with pytest.raises(KeyboardInterrupt), watched(notes, lambda: None):
            notes.ask_to_stop()
            work()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for number, how in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, how)
