"""The command run.py: compose a config, then run one point or a sweep."""

import sys
from contextlib import nullcontext

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from runner.config.command_line import prepared, split
from runner.config.messages import CONF, refusal
from runner.sweep.jobs import run_alone
from runner.terminal.exits import exit_codes, stopped


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")
def compose(cfg: DictConfig) -> None:
    """Run one point; the points of a sweep are jobs of the sweeper."""
    # Hydra prints a line of its own for what is raised here, but not for an exit.
    with exit_codes() if HydraConfig.get().mode is RunMode.RUN else nullcontext():
        run_alone(cfg)


def main() -> None:
    """Run the command; 2 is the exit code of invalid points, 1 that of other faults."""
    with prepared(sys.argv) as traceback, stopped(), exit_codes():
        try:
            compose()
        except (HydraException, OmegaConfBaseException, YAMLError) as error:
            if traceback:
                raise
            sys.exit(refusal(error, split(sys.argv[1:])[1]))


if __name__ == "__main__":
    main()
