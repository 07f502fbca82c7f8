"""Contract of tasks that a launcher runs: a config in, text out."""

from typing import Protocol, runtime_checkable

from omegaconf import DictConfig


@runtime_checkable
class SweepTask(Protocol):
    """A task of our sweeper, which returns why it failed."""

    # Other tasks return anything, and raise what went wrong.
    @property
    def variables(self) -> tuple[str, ...]:
        """Name the environment variables that the task needs."""

    def __call__(self, cfg: DictConfig) -> str:
        """Do a point; return why it failed, or nothing."""
