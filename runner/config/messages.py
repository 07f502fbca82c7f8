"""What Hydra refuses of a command line or a yaml, to words: the setting, what it may have meant, which choices there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hydra._internal.utils import get_args_parser
from hydra.errors import MissingConfigException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

HERE = Path(__file__).resolve().parents[1]  # the package
CONF = HERE / "conf" if (HERE / "conf").is_dir() else HERE.parent / "conf"  # installed, or in a checkout


def line(words: Sequence[str]) -> list[str]:
    """A command line as Hydra reads it: options before overrides, and a group's choice that looks like a number as a word."""
    overrides, options = get_args_parser().parse_intermixed_args(words).overrides, list(words)
    for override in overrides:
        options.remove(override)
    return [*options, *map(_worded, overrides)]


def told(error: Exception) -> str:
    """An error of Hydra's, OmegaConf's or yaml's, without a traceback."""
    said = str(error)
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark):
        return (
            f"{mark.name}:{mark.line + 1}:{mark.column + 1}: not yaml: {', '.join(filter(None, (error.context, error.problem)))}"
        )
    where = found[0] if (found := re.match(r"In '(?!config')[^']+': ", said)) else ""  # another yaml than the command's own
    if isinstance(error, MissingConfigException) and error.missing_cfg_file and error.options:
        return where + _no_choice(error.missing_cfg_file, error.options)
    if found := re.search(r"Could not override '(.+)'\.", said):
        return where + unknown(found[1])
    return f"{said}\n{error.__cause__}" if isinstance(error.__cause__, OmegaConfBaseException) else said


def unknown(name: str) -> str:
    """That there is no such group or setting, with the choices that have it, or else what it may have meant."""
    if holders := _known().get(name):
        return f"{name}: what is chosen has no such setting; it belongs to {', '.join(holders)}"
    group, _, field = name.rpartition(".")
    fields = {field: other for other in _known() for of, _, field in [other.rpartition(".")] if of == group}
    alike = [other for other in _known() if ("." in other) == ("." in name)]
    near = [fields[one] for one in get_close_matches(field, fields, 1)] if fields else get_close_matches(name, alike, 1)
    meant = f"Did you mean {near[0]}?" if near else "run.py --cfg job prints every setting, run.py --help every group"
    return f"{name}: no such {'setting' if group else 'group or setting'}. {meant}"


def strays(cfg: DictConfig) -> list[str]:
    """What stands at the top of a config and is read by nothing: neither the run, nor another setting by ${...}."""
    others = [str(key) for key in cfg if key not in {*_run(), *_roles(), "hydra"}]
    text = OmegaConf.to_yaml(cfg) if others else ""
    unread = [key for key in others if not re.search(rf"\$\{{{re.escape(key)}\W", text)]
    return [
        f"{key}: its yaml changes nothing. Expected # @package _global_ as its first line" if key in _known() else unknown(key)
        for key in unread
    ]


def choosing(path: str) -> str:
    """The name by which a group's choice is made for this part of a config: model@teacher for teacher."""
    return _roles().get(path, path)


def _no_choice(missing: str, options: Sequence[str]) -> str:
    group, _, choice = missing.rpartition("/")
    words = f"{group}={choice}: no such choice. Expected {', '.join(options)}"
    if group == "size" and (number := re.fullmatch(r"(\d+(?:\.\d+)?)(x?)", choice)):
        setting = "5x size.scale" if number[2] else "fraction size.fraction" if "." in choice else "count size.labels"
        return f"{words}; {choice} is size={setting}={number[1]}"
    return words


def _worded(override: str) -> str:
    group, _, choices = override.partition("=")
    if group not in _roles().values():
        return override
    return f"{group}=" + ",".join(f"'{choice}'" if re.fullmatch(r"[\d.]+", choice) else choice for choice in choices.split(","))


@cache
def _run() -> dict[str, Any]:
    return dict(yaml.safe_load((CONF / "config.yaml").read_text(encoding="utf-8")))


@cache
def _roles() -> dict[str, str]:
    """Where a choice of each group goes, with the name by which it is chosen."""
    names = [name for entry in _run()["defaults"] for name in (entry if isinstance(entry, dict) else [entry])]
    return {name.rpartition("@")[2]: name for name in names if not name.startswith(("_self_", "override "))}


@cache
def _known() -> dict[str, list[str]]:
    """Every group and setting of the shipped yaml, with the choices that have the setting."""
    settings = {name: value for name, value in _run().items() if name not in ("defaults", "hydra")}
    found: dict[str, list[str]] = {name: [] for name in (*_roles().values(), "experiment", *_named(settings))}
    for role, choice in _roles().items():
        for file in sorted((CONF / choice.partition("@")[0]).glob("*.yaml")):
            for name in _named(yaml.safe_load(file.read_text(encoding="utf-8")), f"{role}."):
                found.setdefault(name, []).append(f"{choice}={file.stem}")
    return found


def _named(settings: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for name, value in settings.items():
        yield f"{within}{name}"
        if isinstance(value, dict):
            yield from _named(value, f"{within}{name}.")
