"""The state of a sweep and of its jobs, and what is left to do."""

from pathlib import Path

import pytest

from runner.commands.sweep_state import sweep_state
from runner.store.sweep_notes import job_name
from tests.commands.swept import NOTE, STEPS, recorded


def test_every_job_has_the_state_that_it_wrote_or_that_its_lock_tells(tmp_path: Path) -> None:
    states = ["done", "done", "running", "waiting", "failed", "stopped", "lost"]
    with recorded(tmp_path, states) as notes:
        state = sweep_state(notes)
    assert [job.state for job in state.jobs] == states
    assert (state.state, state.at_work) == ("running", True)
    assert state.counts(shared=True) == {"done": 1}


@pytest.mark.parametrize("of_sweep", ["finished", "failed", "stopped", "lost"])
def test_a_sweep_that_ended_is_not_at_work(tmp_path: Path, of_sweep: str) -> None:
    with recorded(tmp_path, ["done", "lost", "waiting"], state=of_sweep) as notes:
        state = sweep_state(notes)
    assert (state.state, state.at_work) == (of_sweep, False)


def test_a_sweep_whose_command_was_killed_is_at_work_as_long_as_a_job_of_it_is(tmp_path: Path) -> None:
    with recorded(tmp_path, ["done", "running"], state="lost") as notes:
        assert sweep_state(notes).at_work


@pytest.mark.parametrize(
    ("states", "left"),
    [
        (["done", "running", "waiting"], None),
        (["running", "done", "waiting"], None),  # the arms have not begun in earnest
        (["done", "done", "waiting", "waiting"], 120.0),
        (["done", "done", "running", "running", "waiting", "waiting"], 60.0),  # two at a time
        (["done", "done"], 0.0),
    ],
)
def test_the_time_left_goes_by_the_runs_that_are_done(tmp_path: Path, states: list[str], left: float | None) -> None:
    with recorded(tmp_path, states) as notes:
        assert sweep_state(notes).left == left


def test_runs_that_were_found_finished_say_nothing_of_the_time_of_others(tmp_path: Path) -> None:
    with recorded(tmp_path, ["done", "done", "waiting"]) as notes:
        notes.write(job_name(1), {**NOTE, **STEPS, "state": "done", "holder": "nobody", "stages": 0})
        assert sweep_state(notes).left is None


def test_gpu_hours_and_hours_are_added_up_over_all_jobs(tmp_path: Path) -> None:
    with recorded(tmp_path, ["done", "done"]) as notes:
        notes.write(job_name(1), {**NOTE, **STEPS, "state": "done", "holder": "nobody", "seconds": 3540.0, "gpu_seconds": 1800.0})
        state = sweep_state(notes)
    assert (state.gpu_hours, state.hours) == (0.5, 1.0)
