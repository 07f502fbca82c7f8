"""Points of a sweep in, jobs for any process out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, filter_overrides, run_job, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict

from runner.errors import Fault
from runner.launcher import SweepTask
from runner.launcher.surroundings import Surroundings

log = logging.getLogger("runner")


@dataclass(frozen=True)
class PointJob:
    """A job of a sweep that any process can do."""

    context: HydraContext
    config: DictConfig = field(repr=False)  # of the command
    task: TaskFunction
    overrides: tuple[str, ...]
    number: int
    surroundings: Surroundings
    hydra: Any = field(repr=False, default=None)  # the state of Hydra's own objects, which its launchers send too

    @property
    def title(self) -> str:
        """Name the job by its number and overrides."""
        return f"job {self.number} ({' '.join(filter_overrides(self.overrides))})"

    def __call__(self) -> JobReturn:
        """Compose the point's config, and do its task."""
        if self.hydra is not None:
            Singleton.set_state(self.hydra)
        setup_globals()
        try:
            self.surroundings.enter()
        except Fault as fault:
            return self.failed(str(fault))
        config = self.context.config_loader.load_sweep_config(self.config, list(self.overrides))
        with open_dict(config):
            config.hydra.job.id, config.hydra.job.num = str(self.number), self.number
        HydraConfig.instance().set_config(config)
        return run_job(
            hydra_context=self.context,
            task_function=self.task,
            config=config,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )

    def failed(self, reason: str) -> JobReturn:
        """Log and return the failure of a lost job.

        A task of our sweeper returns reasons. Of any other task a Fault is raised where its result is read.
        """
        log.error("%s: %s", self.title, reason)
        done = JobReturn(overrides=list(self.overrides))
        if isinstance(self.task, SweepTask):
            done.return_value, done.status = reason, JobStatus.COMPLETED
        else:
            done.return_value, done.status = Fault(f"{self.title}: {reason}"), JobStatus.FAILED
        return done


def point_jobs(
    context: HydraContext, config: DictConfig, task: TaskFunction, points: Sequence[Sequence[str]], first: int
) -> list[PointJob]:
    """Make a job for each point, numbered from `first` on."""
    surroundings, state = Surroundings.here(config), Singleton.get_state()
    return [
        PointJob(context, config, task, tuple(overrides), number, surroundings, state)
        for number, overrides in enumerate(points, start=first)
    ]
