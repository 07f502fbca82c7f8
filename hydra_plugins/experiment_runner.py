"""The plugins of Hydra: a sweeper, from overrides to jobs, and launchers that run them.

Hydra looks for plugins in the namespace package hydra_plugins.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

# Hydra imports this module at every start, of other programs too. So the rest is imported when it is used.


class ExperimentSweeper(Sweeper):
    """A sweep that checks first, shares work, and compares arms.

    Jobs run through the launcher that `hydra/launcher` chooses. `params` are values to sweep over, as for Hydra's own
    sweeper. `max_batch_size` is the number of jobs that a launcher gets at a time; None is all of them.
    """

    def __init__(self, params: dict[str, str] | None = None, max_batch_size: int | None = None) -> None:
        """Sweep over `params` and the arguments of the command."""
        self.params, self.max_batch_size = params or {}, max_batch_size

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep Hydra's context and config for the sweep."""
        # `task_function`, which runs and compares one point, is not used: a job here does an arm or a share of common work.
        self.context, self.master = hydra_context, config

    def sweep(self, arguments: list[str]) -> Any:
        """Run the sweep; `arguments` are the overrides of the command."""
        from runner.sweep.sweeper import sweep, sweep_params

        return sweep(self.master, [*sweep_params(self.params, self.max_batch_size), *arguments], self.launch)

    def launch(self, points: Sequence[Sequence[str]], first: int, task: Callable[[DictConfig], Any]) -> list[JobReturn]:
        """Launch a job for each point, numbered from `first` on."""
        # A launcher is bound to the function that its jobs run, and a sweep has two kinds of jobs.
        launcher = Plugins.instance().instantiate_launcher(hydra_context=self.context, task_function=task, config=self.master)
        size = self.max_batch_size or max(1, len(points))
        starts = range(0, len(points), size)  # of each batch
        return [job for start in starts for job in launcher.launch(points[start : start + size], first + start)]


class EngineLauncher(Launcher):
    """A launcher that sends its jobs to an engine."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep what the jobs need."""
        self.context, self.task, self.master = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run a job for each point, and return what they return."""
        from runner.launcher.point_job import point_jobs

        return self.run(point_jobs(self.context, self.master, self.task, job_overrides, initial_job_idx))

    @abstractmethod
    def run(self, jobs: Sequence[Any]) -> Sequence[JobReturn]:
        """Run the jobs."""


class ProcessesLauncher(EngineLauncher):
    """Jobs as processes on this machine; see `runner.launcher.processes`."""

    def __init__(self, n_jobs: int) -> None:
        """Run so many at a time."""
        self.n_jobs = n_jobs

    def run(self, jobs: Sequence[Any]) -> Sequence[JobReturn]:
        """Run the jobs."""
        from runner.launcher.processes import run_processes

        return run_processes(jobs, self.n_jobs)


class SlurmLauncher(EngineLauncher):
    """Jobs as an array of Slurm; see `runner.launcher.slurm`."""

    def __init__(self, folder: str, **settings: Any) -> None:
        """Keep the settings of submitit."""
        self.folder, self.settings = folder, settings

    def run(self, jobs: Sequence[Any]) -> Sequence[JobReturn]:
        """Run the jobs."""
        from runner.launcher.slurm import run_slurm

        return run_slurm(jobs, self.folder, plain(self.settings))


class RayLauncher(EngineLauncher):
    """Jobs as tasks of Ray; see `runner.launcher.ray`."""

    def __init__(self, ray: Any) -> None:
        """Keep the settings of `ray.init` and `ray.remote`."""
        self.ray = ray

    def run(self, jobs: Sequence[Any]) -> Sequence[JobReturn]:
        """Run the jobs."""
        from runner.launcher.ray import run_ray

        settings = plain(self.ray)
        return run_ray(jobs, settings["init"], settings["remote"])


def plain(settings: Any) -> dict[str, Any]:
    """Return settings as plain values."""
    made: Any = OmegaConf.to_container(OmegaConf.create(settings), resolve=True)
    return dict(made)
