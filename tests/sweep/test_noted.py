"""A sweep and its jobs write what they do into the sweep's notes, and share its ledger."""

import signal
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from runner.spending.ledger import SharedLedger, current_ledger
from runner.store.sweep_notes import SWEEP, SweepNotes, all_notes, job_name
from runner.sweep import interruption, noted
from runner.sweep.noted import STOPPED, noted_job, noted_sweep
from runner.terminal.activity import current_activity

HYDRA: Any = OmegaConf.create(
    {
        "mode": None,
        "overrides": {"task": ["size=1x,5x"], "hydra": []},
        "runtime": {"config_sources": [], "choices": {"hydra/launcher": "basic"}},
        "job": {"config_name": "config"},
        "sweep": {"dir": "out"},
    }
)


def test_a_sweep_writes_its_plan_and_how_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with noted_sweep(tmp_path / "sweeps", HYDRA) as sweep:
        notes = SweepNotes(Path(sweep.folder))
        sweep.track("cafe1")
        sweep.plan(0, ["fact 1x", "fact 5x"])
        sweep.plan(2, ["base, rag"], shared=True)
        plan = notes.read(SWEEP)
        assert (plan["state"], plan["run"], plan["title"], plan["output"]) == (
            "running",
            "cafe1",
            "size=1x,5x",
            f"{tmp_path}/out",
        )
        assert plan["jobs"]["1"] == {"name": "fact 5x", "shared": False}
        assert plan["jobs"]["2"] == {"name": "base, rag", "shared": True}
        assert notes.is_held(plan["holder"])
        ledger = current_ledger()
        assert isinstance(ledger, SharedLedger)
        assert ledger.notes.folder == notes.folder
    assert all_notes(tmp_path / "sweeps")[0].read(SWEEP)["state"] == "finished"
    assert not notes.is_held(plan["holder"])


@pytest.mark.parametrize(
    ("error", "state", "reason"), [(ValueError("no\nhost"), "failed", "no\nhost"), (KeyboardInterrupt(), "stopped", "")]
)
def test_a_sweep_that_an_error_ends_says_so(tmp_path: Path, error: BaseException, state: str, reason: str) -> None:
    with pytest.raises(type(error)), noted_sweep(tmp_path, HYDRA):
        raise error
    ended = all_notes(tmp_path)[0].read(SWEEP)
    assert (ended["state"], ended["reason"]) == (state, reason)


def test_a_sweep_that_its_launcher_ends_is_not_interrupted_on_its_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interruption, "LOOK", 0.01)

    def launch() -> None:
        raise ValueError("a job was stopped")

    def interrupted(number: int, frame: object) -> None:
        raise AssertionError("interrupted")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        with pytest.raises(ValueError, match="a job was stopped"), noted_sweep(tmp_path, HYDRA) as sweep:
            try:
                sweep.guarded(launch)()
            finally:
                SweepNotes(Path(sweep.folder)).ask_to_stop()
                signal.sigtimedwait([], 0.2)  # twenty looks
    finally:
        signal.signal(signal.SIGINT, before)
    assert all_notes(tmp_path)[0].read(SWEEP)["state"] == "stopped"


def test_a_job_writes_what_it_does_and_how_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "LOOK", 0.01)
    monkeypatch.setattr(noted, "EVERY", 0.0)
    monkeypatch.setattr(noted, "gpus_held", lambda: 2)
    notes = SweepNotes(tmp_path)

    def work() -> str:
        current_activity().begin("answers")
        current_activity().follow("answering", 10, 0)
        for _ in range(1000):
            signal.sigtimedwait([], 0.01)
            note = notes.read(job_name(3))
            if note["total"]:
                break
        assert (note["state"], note["stage"], note["work"], note["total"]) == ("running", "answers", "answering", 10)
        assert notes.is_held(note["holder"])
        assert isinstance(current_ledger(), SharedLedger)
        return "the host is down"

    assert noted_job(str(tmp_path), 3, work) == "the host is down"
    note = notes.read(job_name(3))
    assert (note["state"], note["reason"], note["stages"]) == ("failed", "the host is down", 1)
    assert note["gpu_seconds"] == pytest.approx(2 * note["seconds"], rel=0.5)
    assert not notes.is_held(note["holder"])


def test_a_job_that_its_launcher_begins_again_adds_the_time_of_its_former_attempt(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    notes.write(job_name(3), {"state": "running", "holder": "job-3-killed", "seconds": 100.0, "gpu_seconds": 50.0})
    assert noted_job(str(tmp_path), 3, lambda: "") == ""
    note = notes.read(job_name(3))
    assert note["state"] == "done"
    assert 100 < note["seconds"] < 200
    assert note["gpu_seconds"] >= 50


def test_a_job_that_is_interrupted_says_so(tmp_path: Path) -> None:
    def work() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        noted_job(str(tmp_path), 3, work)
    assert SweepNotes(tmp_path).read(job_name(3))["state"] == "stopped"


def test_a_job_that_the_mark_interrupts_returns_so_that_its_launcher_kills_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interruption, "LOOK", 0.01)
    notes = SweepNotes(tmp_path / "marked")
    notes.folder.mkdir()

    def work() -> str:
        notes.ask_to_stop()
        for _ in range(6000):
            signal.sigtimedwait([], 0.01)
        return ""

    assert noted_job(str(notes.folder), 3, work) == STOPPED
    assert notes.read(job_name(3))["state"] == "stopped"


def test_a_sweep_whose_jobs_were_stopped_ends_like_by_ctrl_c(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), noted_sweep(tmp_path, HYDRA) as sweep:
        sweep.guarded(SweepNotes(Path(sweep.folder)).ask_to_stop)()
    assert all_notes(tmp_path)[0].read(SWEEP)["state"] == "stopped"


def test_a_job_of_a_sweep_that_was_stopped_does_not_begin(tmp_path: Path) -> None:
    SweepNotes(tmp_path).ask_to_stop()
    assert noted_job(str(tmp_path), 3, lambda: pytest.fail("begun")) == STOPPED
    assert SweepNotes(tmp_path).jobs() == {}


def test_a_store_that_fails_for_a_moment_ends_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: SweepNotes, name: str, content: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(SweepNotes, "write", full)
    assert noted_job(str(tmp_path), 3, lambda: "") == ""


def test_a_job_of_no_sweep_notess_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert noted_job("", 0, lambda: "") == ""
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_does_not_see_the_notes_of_its_sweep_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "SHOWN", 0.0)
    reason = noted_job(str(tmp_path / "elsewhere"), 3, lambda: pytest.fail("begun"))
    assert "does not work with the store of its sweep" in reason
    assert list(tmp_path.iterdir()) == []
