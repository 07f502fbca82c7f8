"""Hydra's config in, the command that was typed out."""

from shlex import quote
from typing import Any, cast

from omegaconf import OmegaConf

from runner.config.own_defaults import own_defaults


def typed(hydra: Any) -> str:
    """Write the command, so that it can be run again."""
    words = ["run.py", *(["-m"] if hydra.mode is not None and hydra.mode.name == "MULTIRUN" else [])]
    return " ".join([*words, *map(quote, _words(hydra))])


def title(hydra: Any) -> str:
    """Name a sweep by the words of its command."""
    defaults = own_defaults(())  # the same in all sweeps of a user
    return " ".join(word for word in _words(hydra) if word not in defaults) or "sweep"


def _words(hydra: Any) -> list[str]:
    # Hydra keeps the folder of --config-dir among the places that it reads, and the option itself nowhere.
    folders = [source.path for source in hydra.runtime.config_sources if source.provider == "command-line"]
    options = [word for folder in folders for word in ("--config-dir", folder)]
    if hydra.job.config_name != "config":
        options += ["--config-name", str(hydra.job.config_name)]
    own = [override for override in as_typed(hydra.overrides.hydra) if not override.startswith("hydra.mode=")]
    return [*options, *as_typed(hydra.overrides.task), *own]


def as_typed(overrides: Any) -> list[str]:
    """Return Hydra's overrides with ${...} as it was typed."""
    # Read one by one, ${oc.env:PASSWORD} would become the password.
    return [str(override) for override in cast(list[str], OmegaConf.to_container(overrides, resolve=False))]
