"""Errors of Hydra, OmegaConf and yaml in, plain messages out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import GrammarParseError, OmegaConfBaseException

from runner.config.override_text import unreadable
from runner.config.places import CONF

# Settings that were removed, with what is written instead.
MOVED = {"tuner.replay": "keep=replay keep.share=0.2 mixes in a general pair for every five labels"}


def refusal(error: Exception, overrides: Sequence[str] = ()) -> str:
    """Describe an error of Hydra, OmegaConf or yaml.

    `overrides` are those of the command, of which one may be the reason.
    """
    # By the errors' types and fields, never by their messages, which change with each release.
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark):
        problem = ", ".join(filter(None, (error.context, error.problem)))
        return f"{mark.name}:{mark.line + 1}:{mark.column + 1}: not yaml: {problem}"
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        # Hydra lists the choices of a single one, but not for a list, such as metric=[accuracy,typo].
        if "/" not in error.missing_cfg_file:
            expected = "Expected config, or one of a folder that --config-dir names"
            return f"--config-name {error.missing_cfg_file}: no such yaml. {expected}"
        group = CONF / error.missing_cfg_file.rpartition("/")[0]
        return _no_choice(error.missing_cfg_file, error.options or sorted(file.stem for file in group.glob("*.yaml")), overrides)
    if isinstance(error, OverrideParseException) and error.override:
        return unreadable(error.override)
    if isinstance(error.__cause__, GrammarParseError):
        expected = (
            "Expected a reference such as ${seed} or ${oc.env:HOME}; a text that only holds these two characters has \\${ there"
        )
        return f"{error.__cause__.full_key}: the value holds ${{, and can't be read as a reference. {expected}"
    if isinstance(error, HydraException) and (strange := strange_names(error, overrides)):
        return "\n".join(map(unknown, strange))
    return f"{error}\n{error.__cause__}" if isinstance(error.__cause__, OmegaConfBaseException) else str(error)


def named(override: Override) -> str:
    """Return the group or setting of an override: method for +method."""
    return override.get_key_element().lstrip("+~")


def unknown(name: str) -> str:
    """Describe an unknown group or setting, with suggestions."""
    if name in MOVED:
        return f"{name}: this setting has moved. Write {MOVED[name]}"
    if holders := _known().get(name):
        return f"{name}: what is chosen has no such setting; it belongs to {', '.join(holders)}"
    group, _, field = name.rpartition(".")
    fields = {other.rpartition(".")[2]: other for other in _known() if other.rpartition(".")[0] == group}
    # A misspelt group brings no fields, so the whole name is compared with names of its kind.
    alike = [other for other in _known() if ("." in other) == ("." in name)]
    near = [fields[match] for match in get_close_matches(field, fields, 1)] if fields else get_close_matches(name, alike, 1)
    meant = f"Did you mean {near[0]}?" if near else "run.py --cfg job prints every setting, run.py --help every group"
    return f"{name}: no such {'setting' if group else 'group or setting'}. {meant}"


def unread_values(cfg: DictConfig) -> list[str]:
    """Describe the top-level values that nothing reads."""
    # A value of one's own is read where another setting takes it by ${...}. An experiment's yaml sets values of other groups, so
    # nothing is read under its own name.
    others = [str(key) for key in cfg if key not in {*_top(), *_roles(), "hydra"} - {"experiment"}]
    text = OmegaConf.to_yaml(cfg) if others else ""
    unread = [key for key in others if not re.search(rf"\$\{{{re.escape(key)}\W", text)]
    return [
        f"{key}: its yaml changes nothing. Expected # @package _global_ as its first line" if key in _known() else unknown(key)
        for key in unread
    ]


def group_override(path: str) -> str:
    """Return the group of a part of a config: model@teacher for teacher."""
    return _roles().get(path, path)


@cache
def default_choices() -> dict[str, str]:
    """Return the choice of each group in conf/config.yaml, as text."""
    groups = [entry for entry in _top()["defaults"] if isinstance(entry, dict)]
    return {group: str(choice) for entry in groups for group, choice in entry.items() if not group.startswith("override ")}


def experiments(overrides: Sequence[str]) -> list[str]:
    """List the experiments that overrides choose."""
    return [override.partition("=")[2] for override in overrides if override.lstrip("+").startswith("experiment=")]


def is_group(name: str) -> bool:
    """Return true for a group's name, such as model@teacher."""
    return name in _roles().values() and (CONF / name.partition("@")[0]).is_dir()  # prices.yaml is no group


def strange_names(error: HydraException, overrides: Sequence[str]) -> list[str]:
    """List the unknown names that an error is about."""
    try:
        parsed = OverridesParser.create().parse_overrides(list(overrides))
    except HydraException:  # one is no override at all, and Hydra's own message names the place
        return []
    names = [named(override) for override in parsed]
    cause = error.__cause__
    if isinstance(cause, OmegaConfBaseException) and cause.full_key:  # of a setting, OmegaConf says which
        return [name for name in names if f"{name}.".startswith(f"{cause.full_key}.")]
    # For a group, no error names it. Hydra's own settings are not in our yaml.
    return [name for name in names if name not in _known() and not name.startswith("hydra")]


def _no_choice(missing: str, options: Sequence[str], overrides: Sequence[str]) -> str:
    group, _, choice = missing.rpartition("/")
    # Several roles share the group model: the command says whether it was model or model@teacher.
    typed = [override.partition("=")[0] for override in overrides if choice in override and override.startswith(f"{group}@")]
    words = f"{(typed or [group])[0]}={choice}: no such choice. Expected {', '.join(options)}"
    if group == "size":
        words += _size_of(choice)
    if group == "experiment":
        words += f". For a yaml of your own name the folder that holds {missing}.yaml: --config-dir FOLDER"
    # If no override of the command names the choice, a yaml does: most likely the experiment's.
    if not any(choice in override for override in overrides):
        return "".join([*(f"In 'experiment/{yaml}': " for yaml in experiments(overrides)[:1]), words])
    return words


def _size_of(number: str) -> str:
    """Describe a number as a size: any is one, but few have a yaml."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(x?)", number)
    value = float(match[1]) if match else 0.0
    if not match or not value or (value > 1 and not match[2] and "." in number):
        return ""
    choice, field = ("5x", "scale") if match[2] else ("fraction", "fraction") if "." in number else ("count", "labels")
    setting = f"size={choice} size.{field}={match[1]}"
    # Kinds of size have different settings, so that one grid can't hold two of them.
    second = "1" if field == "fraction" else f"{2 * value:g}"
    advice = "Another kind of size needs a command of its own; run.py --compare compares them"
    return f"; {number} is {setting}, several are {setting},{second}. {advice}"


@cache
def _top() -> dict[str, Any]:
    return dict(yaml.safe_load((CONF / "config.yaml").read_text(encoding="utf-8")))


@cache
def _roles() -> dict[str, str]:
    """Map each part of the config to its group: teacher to model@teacher."""
    names = [name for entry in _top()["defaults"] for name in (entry if isinstance(entry, dict) else [entry])]
    return {name.rpartition("@")[2]: name for name in names if not name.startswith(("_self_", "override "))}


@cache
def _known() -> dict[str, list[str]]:
    """Map every group and setting to the choices with it."""
    # From the files: a composed config knows only the settings of what was chosen.
    settings = {name: value for name, value in _top().items() if name not in ("defaults", "hydra")}
    known: dict[str, list[str]] = {name: [] for name in (*_roles().values(), *_names(settings))}
    for role, choice in _roles().items():
        group = choice.partition("@")[0]
        # An experiment's yaml sets values of all groups, and has no settings of its own.
        for file in sorted((CONF / group).glob("*.yaml")) if group != "experiment" else ():
            settings = yaml.safe_load(file.read_text(encoding="utf-8"))
            # A preset that builds on a neighbour has the neighbour's settings and no others.
            for name in _names(settings, f"{role}.") if "defaults" not in settings else ():
                known.setdefault(name, []).append(f"{choice}={file.stem}")
    return known


def _names(settings: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for name, value in settings.items():
        yield f"{within}{name}"
        if isinstance(value, dict):
            yield from _names(value, f"{within}{name}.")
