"""What a sweep does is printed, from its notes alone."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from runner.commands.status import duration, show_status
from runner.commands.stop import stop_sweep
from runner.commands.sweep_state import SweepState, sweep_state
from runner.store.sweep_notes import all_notes, job_name
from runner.tracker.mlflow import MLflow
from tests import command
from tests.commands.swept import NOTE, STEPS, recorded, spend
from tests.sweep.given import waiting

LIMIT = 600  # seconds for a sweep on a busy machine
Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, folder: Path) -> list[str]:
    show_status([f"store={folder}"])
    return capsys.readouterr().out.splitlines()


def test_a_sweep_at_work_is_described_with_every_job_and_the_time_left(tmp_path: Path, capsys: Capture) -> None:
    with recorded(tmp_path, ["done", "done", "running", "waiting", "failed", "lost"]) as notes:
        spend(notes)
        assert shown(capsys, tmp_path) == [
            "20310503-101500-aaaa  size=1x,5x",
            "running (here, process 11, hydra/launcher=basic).",
            f"run cafe1, folder {tmp_path}/out",
            "shared work: 1 done",
            "  done                  base, rag  60 s",
            "runs: 1 done, 1 running, 1 waiting, 1 failed, 1 ended without a word",
            "  done                  fact 1x  60 s",
            "  running               fact 2x  60 s  tuning: 30 of 40, 20 s left (here, process 12)",
            "  waiting               fact 3x",
            "  failed                fact 4x  60 s: the host is down",
            "  ended without a word  fact 5x  60 s  tuning: 30 of 40, 20 s left (here, process 12)",
            "time left: about 60 s, if the other runs take as long as those that are done",
            "GPU hours: 0.00, a GPU counting as long as a job holds memory on it; all jobs: 0.08 h",
            "hosted models: 30 requests, 1,200 tokens, $0.25; reserved: 30 requests, 1,200 tokens",
        ]


def test_a_sweep_that_was_killed_is_not_told_as_running(tmp_path: Path, capsys: Capture) -> None:
    with recorded(tmp_path, ["done", "lost", "waiting"], state="lost"):
        lines = shown(capsys, tmp_path)
    assert lines[1].startswith("ended without a word: killed, or its machine went down. The same command goes on")
    assert "runs: 1 not begun, 1 ended without a word" in lines
    assert not any(line.startswith("time left") for line in lines)


def test_a_sweep_that_failed_says_why_in_one_line_and_a_control_character_acts_on_no_terminal(
    tmp_path: Path, capsys: Capture
) -> None:
    with recorded(tmp_path, ["done"], state="failed", reason="did not finish: fact \x1b[2J1x\nand more") as notes:
        notes.write(job_name(0), {**NOTE, **STEPS, "state": "done", "holder": "nobody"})
    assert shown(capsys, tmp_path)[2] == "  did not finish: fact \ufffd[2J1x"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7100, "118 min"), (7260, "2 h 1 min")]
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def until(condition: Callable[[], bool], process: BaseProcess, printed: Path) -> None:
    """Wait for a condition, as long as the process lives."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert process.is_alive(), printed.read_text()
        assert time.monotonic() < end
        time.sleep(0.1)


@contextmanager
def at_work(folder: Path, uri: str) -> Iterator[tuple[BaseProcess, Callable[[], SweepState]]]:
    """Start a real sweep of two runs, of which the first one waits in its training."""
    printed = [folder / "stdout", folder / "stderr"]
    words = ["-m", *waiting(folder, uri), "size=1x,5x"]
    process = command.start(words, folder, printed, {**os.environ, "PYTHONPATH": str(command.ROOT)}, "runner.__main__")

    def state() -> SweepState:
        return sweep_state(all_notes(folder / "store" / "sweeps")[0])

    def tunes() -> bool:
        begun = [notes for notes in all_notes(folder / "store" / "sweeps") if notes.read("sweep")]
        return bool(begun) and any(job.note.get("work") == "tuning" and job.note["total"] for job in state().jobs)

    try:
        until(tunes, process, printed[1])
        yield process, state
    finally:
        process.kill()
        process.join()


def test_a_real_sweep_is_seen_from_outside_and_stopped_as_by_ctrl_c(tmp_path: Path, tracking_uri: str, capsys: Capture) -> None:
    with at_work(tmp_path, tracking_uri) as (process, state):
        lines = shown(capsys, tmp_path / "store")
        assert [line for line in lines if line.startswith(("shared work", "runs"))] == [
            "shared work: 1 done",
            "runs: 1 running, 1 waiting",
        ]
        assert any("running  human 1x" in line and "tuning: 1 of 4" in line for line in lines)
        stop_sweep(["last", f"store={tmp_path}/store"])
        assert "stopped; the same command goes on" in capsys.readouterr().out
        process.join(LIMIT)
        assert process.exitcode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
        assert (state().state, [job.state for job in state().jobs if not job.shared]) == ("stopped", ["stopped", "waiting"])
    tracked = {run.tags.get("runner.arm", "sweep"): run.status for run in MLflow(uri=tracking_uri).history()}
    assert tracked == {"sweep": "KILLED", "tuned": "KILLED", "base": "FINISHED", "rag": "FINISHED"}
    stop_sweep([f"store={tmp_path}/store"])
    assert capsys.readouterr().out.endswith("is not at work: stopped\n")


@pytest.mark.slow
def test_a_real_sweep_that_was_killed_is_told_as_such_although_its_runs_are_tracked_as_running(
    tmp_path: Path, tracking_uri: str, capsys: Capture
) -> None:
    with at_work(tmp_path, tracking_uri) as (process, state):
        process.kill()
        process.join()
        assert (state().state, [job.state for job in state().jobs if not job.shared]) == ("lost", ["lost", "waiting"])
        assert "runs: 1 not begun, 1 ended without a word" in shown(capsys, tmp_path / "store")
    assert "RUNNING" in {run.status for run in MLflow(uri=tracking_uri).history()}
