"""Arranged words in, their composed config out; nothing is written."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import ConfigCompositionException
from omegaconf import DictConfig, OmegaConf, open_dict

from runner.config.hydra_settings import called_by_hydra
from runner.config.messages import experiments
from runner.config.places import CONF, PACKAGE
from runner.config.secrets import refuse_secrets, refuse_secrets_of_overrides
from runner.errors import InvalidInput


def options(words: Sequence[str]) -> Namespace:
    """Read Hydra's documented options; `overrides` are the other words.

    The words are arranged: options stand first.
    """
    parser = ArgumentParser(prog="run.py", add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*")
    for names in (["--help", "-h"], ["--hydra-help"], ["--resolve"], ["--run", "-r"], ["--multirun", "-m"]):
        parser.add_argument(*names, action="store_true")
    parser.add_argument("--shell-completion", "-sc", action="store_true")
    parser.add_argument("--cfg", "-c")
    parser.add_argument("--package", "-p")
    parser.add_argument("--info", "-i", nargs="?", const="all")
    parser.add_argument("--config-dir", "-cd")
    parser.add_argument("--config-path", "-cp", default=str(CONF))
    parser.add_argument("--config-name", "-cn", default="config")
    # --experimental-rerun is left out: it unpickles a file, and a pickle can run any code.
    read, unknown = parser.parse_known_args(words)
    if unknown:
        raise InvalidInput(
            f"{unknown[0]}: no such option. Settings and groups have no dashes: "
            f"{unknown[0].lstrip('-').partition('=')[0]}=... See run.py --help"
        )
    return read


def swept_over(overrides: Sequence[str]) -> list[str]:
    """List the overrides that give several values."""
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    return [override.input_line or "" for override in parsed if override.is_sweep_override()]


@contextmanager
def composed(words: Sequence[str]) -> Iterator[DictConfig]:
    """Compose the config of a command, as Hydra will.

    The words are arranged (see `command_line`), so they hold the user's own defaults. Values that are swept over are left out.
    Points can be composed while the block lasts. Raise InvalidInput for a secret, or for code that Hydra would run.
    """
    read, before = options(words), HydraConfig.instance().cfg
    refuse_secrets_of_overrides(read.overrides)
    parsed = OverridesParser.create().parse_overrides(read.overrides)
    single = [override.input_line or "" for override in parsed if not override.is_sweep_override()]
    if read.config_dir and not Path(read.config_dir).is_dir():
        # Hydra would warn on one line, and refuse on another.
        raise InvalidInput(
            f"--config-dir {read.config_dir}: no such folder. Expected one with yaml of your own, such as experiment/ours.yaml"
        )
    if read.config_dir:
        # Hydra's functions know no --config-dir. Its search path does the same.
        others: list[Any] = [override.value() for override in parsed if override.key_or_group == "hydra.searchpath"]
        places = [f"file://{Path(read.config_dir).absolute()}", *(others[0] if others else ())]
        single = [override for override in single if not override.startswith("hydra.searchpath=")]
        single.append(f"hydra.searchpath={places}")
    try:
        # Hydra takes a relative --config-path as beside the module of the command.
        with initialize_config_dir(str(PACKAGE / read.config_path), job_name="run", version_base="1.3"):
            config = compose_point(read.config_name, single)
            with open_dict(config.hydra):
                # Hydra sets it where it runs a job. Settings may be made of it.
                config.hydra.runtime.output_dir = str(Path(config.hydra.run.dir).absolute())
            refuse_unsafe(config)
            HydraConfig.instance().set_config(config)
            yield config
    finally:
        HydraConfig.instance().cfg = before


def compose_point(name: str, overrides: Sequence[str]) -> DictConfig:
    """Compose a config with Hydra's own part; Hydra must be initialized.

    Raise a HydraException where Hydra refuses it.
    """
    try:
        return compose(name, overrides=list(overrides), return_hydra_config=True)
    except ValueError as error:  # Hydra's own for an item such as `override /size: 5`
        place = next((f"In 'experiment/{choice}': " for choice in experiments(overrides)), "")
        advice = "Write each choice as text, such as override /size: 5x"
        raise ConfigCompositionException(f"{place}a defaults list can't be read: {error}. {advice}") from error


def refuse_unsafe(config: DictConfig) -> None:
    """Refuse secrets, and code that Hydra would run.

    Raise InvalidInput. Hydra writes a job's config, and follows its own part of it, before it calls any function of ours.
    """
    refuse_secrets(OmegaConf.to_container(config))
    before = HydraConfig.instance().cfg
    try:
        HydraConfig.instance().set_config(config)  # for values such as ${hydra:job.name}
        faults = list(called_by_hydra(config))
    finally:
        HydraConfig.instance().cfg = before
    if faults:
        raise InvalidInput("\n".join(faults))
