"""The sweeper plugin, where Hydra looks for plugins: in the namespace package hydra_plugins.

Hydra imports this module at every start, of other programs too. So it imports nothing else before it is used.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class ExperimentSweeper(Sweeper):
    """Checks every point, does shared work first, then the arms, and compares them.

    Jobs run through the launcher that is chosen by `hydra/launcher`. `params` are values to sweep over, as those of Hydra's own
    sweeper. `max_batch_size` is how many jobs a launcher is given at a time; None is all of them.
    """

    def __init__(self, params: dict[str, str] | None = None, max_batch_size: int | None = None) -> None:
        """Sweep over `params` and the arguments of the command."""
        self.params, self.max_batch_size = params or {}, max_batch_size

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Take what Hydra gives to a sweeper.

        `task_function` is not used: a job of a sweep does one arm or shared work, and takes no part in the comparison.
        """
        self.context, self.master = hydra_context, config

    def sweep(self, arguments: list[str]) -> Any:
        """Run the sweep; `arguments` are the overrides of the command."""
        from runner.sweep.sweeper import sweep

        return sweep(self.master, [f"{name}={value}" for name, value in self.params.items()] + arguments, self.launch)

    def launch(self, points: Sequence[Sequence[str]], first: int, task: Callable[[DictConfig], Any]) -> list[JobReturn]:
        """Launch a job for each point, numbered from `first` on."""
        launcher = Plugins.instance().instantiate_launcher(hydra_context=self.context, task_function=task, config=self.master)
        size = self.max_batch_size or max(1, len(points))
        starts = range(0, len(points), size)
        return [job for start in starts for job in launcher.launch(points[start : start + size], first + start)]
