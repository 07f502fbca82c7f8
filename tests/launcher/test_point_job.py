"""A point's job is a value for any process; what it returns is what Hydra's own launcher returns."""

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobStatus
from hydra.types import HydraContext
from omegaconf import DictConfig, open_dict

from runner.errors import Fault
from runner.launcher.point_job import PointJob, point_jobs
from tests.sweep.given import composed


@dataclass(frozen=True)
class Noting:
    """A task that returns what it was given, or raises."""

    fails: bool = False
    variables: tuple[str, ...] = ()

    def __call__(self, cfg: DictConfig) -> Any:
        """Return the size, the job's number and the folder."""
        if self.fails:
            raise ValueError("the task failed")
        return cfg.size.scale, HydraConfig.get().job.num, os.getcwd()  # noqa: PTH109


class NoCallbacks:
    """Hydra's callbacks, of which there are none."""

    def on_job_start(self, **parts: Any) -> None:
        """Ignore."""

    def on_job_end(self, **parts: Any) -> None:
        """Ignore."""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What makes the jobs of a sweep of two sizes."""
    monkeypatch.chdir(tmp_path)
    for name in ("RUNNER_STORE", "RUNNER_PLAIN", "OMP_NUM_THREADS", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    with composed("hydra.mode=MULTIRUN", f"hydra.sweep.dir={tmp_path}/sweep") as config:
        callbacks: Any = NoCallbacks()
        context = HydraContext(config_loader=GlobalHydra.instance().config_loader(), callbacks=callbacks)

        def make(task: Callable[[DictConfig], Any], folder: Path = tmp_path) -> list[PointJob]:
            with open_dict(config):
                config.hydra.runtime.cwd = str(folder)
            return point_jobs(context, config, task, [["size=1x"], ["size=10x"]], 4)

        yield make


def test_a_job_does_its_point_in_the_folder_of_the_command(jobs: Any, tmp_path: Path) -> None:
    returns = [job() for job in jobs(Noting())]
    assert [done.return_value for done in returns] == [(1.0, 4, str(tmp_path)), (10.0, 5, str(tmp_path))]
    assert (tmp_path / "sweep" / "5" / ".hydra" / "config.yaml").exists()


def test_a_job_can_be_sent_to_another_process(jobs: Any) -> None:
    sent = pickle.loads(cloudpickle.dumps(jobs(Noting())[1]))  # as all engines do
    assert sent().return_value[:2] == (10.0, 5)


def test_an_error_of_a_task_is_kept_for_the_sweeper(jobs: Any) -> None:
    done = jobs(Noting(fails=True))[0]()
    assert done.status is JobStatus.FAILED
    with pytest.raises(ValueError, match="the task failed"):
        _ = done.return_value


def test_a_job_without_a_result_returns_the_reason_or_raises_it_where_it_is_read(
    jobs: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Tasks of our sweeper return reasons. Those of another one raise, so that the sweeper decides whether others go on.
    lost = "its machine was lost"
    assert jobs(Noting())[0].failed(lost).return_value == lost
    assert "job 4 (size=1x): its machine was lost" in caplog.text
    with pytest.raises(Fault, match=r"job 5 \(size=10x\): its machine was lost"):
        _ = jobs(print)[1].failed(lost).return_value
    assert "can't be entered" in jobs(Noting(), tmp_path / "gone")[0]().return_value
