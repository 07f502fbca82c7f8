"""The sweeper plugin of Hydra: a command's overrides in, jobs out.

Hydra looks for plugins in the namespace package hydra_plugins.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


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
        # Hydra imports this module at every start, of other programs too. So the rest is imported when it is used.
        from runner.sweep.sweeper import sweep, sweep_params

        return sweep(self.master, [*sweep_params(self.params, self.max_batch_size), *arguments], self.launch)

    def launch(self, points: Sequence[Sequence[str]], first: int, task: Callable[[DictConfig], Any]) -> list[JobReturn]:
        """Launch a job for each point, numbered from `first` on."""
        # A launcher is bound to the function that its jobs run, and a sweep has two kinds of jobs.
        launcher = Plugins.instance().instantiate_launcher(hydra_context=self.context, task_function=task, config=self.master)
        size = self.max_batch_size or max(1, len(points))
        starts = range(0, len(points), size)  # of each batch
        return [job for start in starts for job in launcher.launch(points[start : start + size], first + start)]
