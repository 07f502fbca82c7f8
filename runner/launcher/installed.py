"""A launcher in, a Fault with an install command out."""

from importlib.util import find_spec
from typing import Any

from runner.errors import InvalidInput

# By class: its package and the extra that installs it.
NEEDS = {"SlurmLauncher": ("submitit", "slurm"), "RayLauncher": ("ray", "ray")}


def check_launcher(hydra: Any) -> None:
    """Raise InvalidInput if the launcher's package is missing."""
    package, extra = NEEDS.get(str(hydra.launcher._target_).rpartition(".")[2], ("", ""))
    if package and not find_spec(package):
        raise InvalidInput(
            f"hydra/launcher={hydra.runtime.choices['hydra/launcher']} needs the package {package}, not installed here: "
            f"pip install 'experiment-runner[{extra}]'. hydra/launcher=local and processes need none"
        )
