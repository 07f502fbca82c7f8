"""The command run.py: a command line in, a run or sweep out."""

import sys
from contextlib import nullcontext
from types import ModuleType
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from runner.commands.choose import other_command
from runner.config.all_faults import faults_told
from runner.config.command_line import prepare, split
from runner.config.own_defaults import naming_files
from runner.config.places import CONF
from runner.sweep.acceptance import accepted
from runner.sweep.jobs import run_alone
from runner.terminal.exits import exit_codes
from runner.terminal.output import prepare_streams
from runner.terminal.signals import stopped

if TYPE_CHECKING:
    from runner.notebook import Result


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")
def compose(cfg: DictConfig) -> None:
    """Run one point; a sweep goes to the sweeper instead."""
    # Hydra prints a line of its own for what is raised here, but not for an exit. Under another sweeper than ours a Fault
    # passes, so that the sweeper decides whether the other points go on.
    with exit_codes() if HydraConfig.get().mode is RunMode.RUN else nullcontext():
        run_alone(cfg)


def main() -> None:
    """Run the command, and exit with its code."""
    words = sys.argv[1:]
    prepare_streams()
    with stopped(), exit_codes(), naming_files(split(words)[1]):
        traceback = prepare(sys.argv)
        # A mistake on the command line is no error of the program, so its traceback is shown only where it is wanted.
        with nullcontext() if traceback else faults_told(sys.argv[1:]):
            if not other_command(words) and accepted(sys.argv[1:]):
                compose()


class CallableModule(ModuleType):
    """This module as a function: `from runner import run`.

    Python sets the name `run` of the package to this module as soon as anything imports it. So a function of that name would be
    lost.
    """

    def __call__(self, *overrides: str, sweep: bool = False) -> "Result":
        """Do what run.py does with these overrides; `sweep` is -m.

        Return the tables as DataFrames. Raise a Fault where the command would exit with an error.
        """
        from runner.notebook import run

        return run(*overrides, sweep=sweep)


sys.modules[__name__].__class__ = CallableModule

if __name__ == "__main__":
    main()
