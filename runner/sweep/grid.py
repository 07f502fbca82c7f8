"""Overrides of a sweep in, points and studies out."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from runner.config.build import build
from runner.config.compose import compose_point, refuse_unsafe
from runner.config.study import Study
from runner.errors import InvalidInput
from runner.sweep.command import as_typed
from runner.sweep.looks import counts, with_trainings


def axes_of(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Expand overrides to what each name is set to.

    Lists, choice(), range(), glob() and their modifiers mean what Hydra's documentation says.
    """
    from hydra.core.global_hydra import GlobalHydra

    # glob() looks for the choices of a group in the config loader.
    parser = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader())
    axes: dict[str, list[str]] = {}
    for override in parser.parse_overrides(list(arguments)):
        key = override.get_key_element()
        # A later override of a key replaces an earlier one: the command comes after hydra.sweeper.params.
        if not override.is_sweep_override():
            axes[key] = [f"{key}={override.get_value_element_as_str()}"]
        elif override.is_discrete_sweep():
            axes[key] = [f"{key}={value}" for value in override.sweep_string_iterator()]
        else:
            raise InvalidInput(
                f"{override.input_line}: found an interval, which has no end of values. Expected values, such as "
                f"{key}=1,2,3 or {key}='range(1,4)'"
            )
    return axes


def points(axes: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """List the points in the order of Hydra's sweeper."""
    return [list(point) for point in product(*axes.values())]


def choices(config: DictConfig, overrides: Sequence[str]) -> list[list[str]]:
    """List a point for each choice that is swept over.

    This is for sweepers of others, whose points are not known here. The yaml of a choice may set values of Hydra itself, which
    Hydra follows before a job begins.
    """
    from hydra.core.global_hydra import GlobalHydra

    loader = GlobalHydra.instance().config_loader()
    params: Any = config.hydra.sweeper.get("params") or {}  # of Hydra's own sweeper, and of Optuna's
    written = [f"{name}={value}" for name, value in params.items() if isinstance(value, str)]
    parsed = OverridesParser.create(config_loader=loader).parse_overrides([*written, *overrides])
    single: list[str] = list(config.hydra.overrides.task)
    return [
        [*single, f"{override.get_key_element()}={value}"]
        for override in parsed
        if override.is_discrete_sweep() and loader.get_group_options(override.key_or_group)
        for value in override.sweep_string_iterator()
    ]


def swept(axes: Mapping[str, Sequence[str]]) -> str:
    """Describe a grid: 4 runs: method=token,fact x size=1x,5x."""
    several = {name: [_shown(override) for override in overrides] for name, overrides in axes.items() if len(overrides) > 1}
    parts = [f"{name}={','.join(values)}" for name, values in several.items()]
    count = len(points(axes))
    return f"{count} run{'s' * (count > 1)}: {' x '.join(parts) or 'nothing is swept'}"


def _shown(override: str) -> str:
    # A text that holds a comma makes two runs where one was meant: quotes show where a value ends.
    value = override.partition("=")[2].replace("\\ ", " ")  # Hydra escapes spaces
    return f'"{value}"' if " " in value and value[0] not in "'\"[{" else value


def compose_points(config: DictConfig, grid: Sequence[Sequence[str]]) -> list[DictConfig]:
    """Compose the config of every point, as the launcher will."""
    # Each job composes its config again. Composing here first finds mistakes in all points before any work.
    name = config.hydra.job.config_name
    own: Any = OmegaConf.to_container(config.hydra.overrides.hydra)
    return [_composed(name, [*own, *point]) for point in grid]


def _composed(name: str, overrides: list[str]) -> DictConfig:
    config = compose_point(name, overrides)
    refuse_unsafe(config)  # a point may choose another experiment, with its own part for Hydra
    return config


def built(cfg: DictConfig, hydra: Any, trainings: int | None = None) -> Study:
    """Build the study of a composed config; `hydra` is Hydra's own config of the same job.

    With seeds=auto it has so many trainings of its arm, by default those of the first look.
    """
    if looks := counts(cfg):
        cfg = with_trainings(cfg, trainings or looks[0])
    return build(cfg, hydra.runtime.choices, as_typed(hydra.overrides.task))
