"""A command's folder and environment in, those of jobs out."""

import os
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from runner.errors import Fault
from runner.launcher.threads import share_cores

# What tracker and model hub read themselves.
READ = re.compile(r"(MLFLOW|DATABRICKS)_[A-Z_]+|HF_TOKEN")
# The name of a variable as a value (key: OPENAI_API_KEY), or in ${oc.env:NAME}.
NAMED = re.compile(r"\$\{oc\.env:\s*(\w+)|(?<![\w$.])([A-Z][A-Z0-9_]{2,49})(?![\w.])")
# A machine has its own.
OWN = {"HOME", "PATH", "USER", "LOGNAME", "SHELL", "PWD", "HOSTNAME", "TMPDIR", "RUNNER_STORE"}
STORE = "experiment-runner"  # below ~/.cache, as conf/config.yaml has it


@dataclass(frozen=True)
class Surroundings:
    """Folder, store and environment of a command, for its jobs.

    `variables` reach a job by value. Their values are in no log. `threads` of a job are those that its libraries may use; None
    is as many as it was given cores.
    """

    folder: str
    store: str  # of the command, where no setting names another
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    threads: int | None = None

    @classmethod
    def here(cls, config: DictConfig) -> "Surroundings":
        """Return those of this process, without secrets."""
        store = os.environ.get("RUNNER_STORE") or str(Path.home() / ".cache" / STORE)
        return cls(str(config.hydra.runtime.cwd), store)

    def sending(self, names: Iterable[str]) -> "Surroundings":
        """Add the values of variables that a job needs."""
        needed = {*names, *filter(READ.fullmatch, os.environ)} - OWN
        return replace(self, variables={name: os.environ[name] for name in sorted(needed) if name in os.environ})

    def enter(self) -> None:
        """Give this process the command's folder and variables.

        Raise a Fault if the folder is not there.
        """
        try:
            os.chdir(self.folder)
        except OSError as error:
            raise Fault(
                f"the folder {self.folder}, in which the command was typed, can't be entered on {socket.gethostname()} "
                f"({error.strerror}). Machines that share a sweep need it on a shared file system, at the same place"
            ) from error
        if self.folder not in sys.path:
            sys.path.append(self.folder)  # it may hold methods of one's own
        os.environ.update(self.variables)
        os.environ["RUNNER_STORE"] = self.store
        os.environ["RUNNER_PLAIN"] = "1"  # bars of several processes would write over each other
        share_cores(self.threads)


def named_variables(configs: Iterable[DictConfig]) -> tuple[str, ...]:
    """List the environment variables that configs name, and are set.

    Such are the keys of hosted models, and ${oc.env:NAME} in an address.
    """
    # Unresolved, since a resolved one holds values of the environment. Hydra's own part names none that a job needs.
    plain = [OmegaConf.to_container(config) for config in configs]
    texts = {str({name: value for name, value in each.items() if name != "hydra"}) for each in plain if isinstance(each, dict)}
    names = {name for text in texts for pair in NAMED.findall(text) for name in pair}
    return tuple(sorted(name for name in names - OWN if name in os.environ))
