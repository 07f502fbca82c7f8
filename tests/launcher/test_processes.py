"""Jobs run side by side, share the cores, and lose only the one whose process is killed."""

import shutil
from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.launcher.processes import LOST, run_processes
from tests.launcher.given import SmallJob, sweep


@pytest.mark.slow
def test_the_jobs_of_a_killed_process_are_run_again_and_only_the_killed_one_fails(tmp_path: Path) -> None:
    jobs = [SmallJob(name, tmp_path, deadly=name == "b") for name in "abcde"]
    returns = [done.return_value for done in run_processes(jobs, 2)]
    assert returns[1] == LOST
    assert [name for name, *_ in (returns[place] for place in (0, 2, 3, 4))] == ["a", "c", "d", "e"]
    # In the first round beside another one, then alone; others are begun again once at most.
    assert jobs[1].begun() == 2
    assert all(1 <= job.begun() <= 2 for job in jobs)


def test_jobs_side_by_side_share_the_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_NUM_THREADS", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    # No more processes than jobs, so that a few jobs have all cores.
    monkeypatch.setattr("runner.launcher.processes.cpu_count", lambda: 8)
    returns = [done.return_value for done in run_processes([SmallJob(name, tmp_path) for name in "ab"], -1)]
    assert returns == [("a", "4", None), ("b", "4", None)]


def test_a_number_of_processes_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"hydra.launcher.n_jobs: found 0, expected a whole number from 1, or -1"):
        run_processes([], 0)


@pytest.mark.slow
def test_a_sweep_in_two_processes_gives_the_results_of_one(tmp_path: Path, empty_tracking_store: Path) -> None:
    results = []
    for launcher in ("local", "processes"):
        folder = tmp_path / launcher
        folder.mkdir()
        shutil.copy(empty_tracking_store, folder / "mlflow.db")
        results.append(sweep(folder, f"sqlite:///{folder}/mlflow.db", f"hydra/launcher={launcher}"))
    assert results[0] == results[1]
    assert [kind for kind, _, _ in results[0]] == [("base", None), ("tuned", "1x"), ("tuned", "5x")]
    assert {status for _, status, _ in results[0]} == {"FINISHED"}
