"""A sweep on Slurm: the results of one process, a job that is lost, one that is begun again."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.errors import Fault
from runner.launcher import slurm
from runner.launcher.slurm import SlurmJob, run_slurm
from tests.launcher import slurm_cluster
from tests.launcher.given import SmallJob, returned, sweep
from tests.launcher.slurm_cluster import asked, cluster

pytest.importorskip("submitit", reason="the extra slurm is not installed")
needs_slurm = pytest.mark.skipif(bool(slurm_cluster.missing()), reason=f"not installed: {slurm_cluster.missing()}")
SETTINGS = {"time": 10, "cpus_per_task": 1, "max_num_timeout": 1, "partition": None}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The config of a cluster that runs."""
    with cluster(tmp_path_factory.mktemp("slurm")) as made:
        yield made


@pytest.fixture
def on_cluster(config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A process that submits to the cluster, and asks it often."""
    monkeypatch.setenv("SLURM_CONF", str(config))
    monkeypatch.setattr(slurm, "ASK", 1.0)
    return config


def run(jobs: list[Any], folder: Path) -> list[Any]:
    """What the jobs return."""
    return [done.return_value for done in run_slurm(jobs, f"{folder}/logs/%j", SETTINGS)]


def test_a_machine_that_submits_no_jobs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Fault, match="no program sbatch here"):
        run([SmallJob("a", tmp_path)], tmp_path)


def test_what_a_stopped_job_returned_is_no_result() -> None:
    class Stopped:
        def __call__(self) -> Any:
            # As submitit's handler of the signal does, in the midst of the work.
            again.append(job.checkpoint())
            return returned("SystemExit(-1)")

    again: list[Any] = []
    job = SlurmJob(Stopped())  # type: ignore[arg-type]
    with pytest.raises(SystemExit):
        job()
    # Slurm begins the same job again, which was not stopped yet.
    assert again[0].function.job is job.job
    assert not again[0].function.stopped


@needs_slurm
@pytest.mark.slow
def test_a_sweep_on_two_nodes_gives_the_results_of_one_process(
    on_cluster: Path, tmp_path: Path, empty_tracking_store: Path
) -> None:
    results = []
    for choice in (["hydra/launcher=local"], ["hydra/launcher=slurm", "hydra.launcher.cpus_per_task=1"]):
        folder = tmp_path / str(len(results))
        folder.mkdir()
        shutil.copy(empty_tracking_store, folder / "mlflow.db")
        results.append(sweep(folder, f"sqlite:///{folder}/mlflow.db", *choice))
    assert results[0] == results[1]
    assert list((tmp_path / "1" / "sweep" / ".submitit").glob("*/*_result.pkl"))


@needs_slurm
@pytest.mark.slow
def test_a_job_that_is_killed_fails_alone_and_its_log_is_named(on_cluster: Path, tmp_path: Path) -> None:
    lost, fine = run([SmallJob("a", tmp_path, deadly=True), SmallJob("b", tmp_path)], tmp_path)
    assert fine[:2] == ("b", "1")
    assert "ended without a result" in lost
    assert f"Its log: {tmp_path}/logs/" in lost


@needs_slurm
@pytest.mark.slow
def test_a_pre_empted_job_is_begun_again_and_its_second_result_counts(on_cluster: Path, tmp_path: Path) -> None:
    job = SmallJob("a", tmp_path, waits=True)

    def signal() -> None:
        end = time.monotonic() + 120
        while not job.begun() and time.monotonic() < end:
            time.sleep(0.5)
        number = asked(on_cluster, "squeue", "--noheader", "--format=%i").strip()
        asked(on_cluster, "scancel", "--signal=USR2", number)

    thread = threading.Thread(target=signal)
    thread.start()
    (returned,) = run([job], tmp_path)
    thread.join()
    assert (returned[0], job.begun()) == ("a", 2)
