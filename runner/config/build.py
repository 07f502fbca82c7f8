"""A composed config to its components and values, each built and checked; what is wrong with one is noted in words."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from importlib import import_module
from operator import le, lt
from typing import Any

import hydra
from hydra._internal.utils import _locate
from hydra.errors import InstantiationException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError, OmegaConfBaseException
from pydantic import TypeAdapter, ValidationError

from runner.config.messages import choosing, unknown

WHOLE = {
    "seed": 0,
    "subset_seed": 0,
    "training_seed": 0,
    "generation_seed": 0,
    "seeds": 1,
    "recall": 0,
    "reply_tokens": 1,
}  # least
SHARES = {"error": (lt, "below"), "near": (le, "up to")}  # of 1
EXAMPLES = {
    "path": "FOLDER",
    "labels": "1000",
    "fraction": "0.25",
    "tokens": "3000",
    "id": "MODEL",
    "base_url": "http://localhost:8000/v1",
    "model": "gpt-4.1-mini-2025-04-14",
}  # of settings without a default


def part(cfg: DictConfig, path: str, faults: list[str]) -> Any:
    """The component at `path`, or None and its faults noted."""
    settings = OmegaConf.select(cfg, path, throw_on_missing=False)
    if settings is None:
        faults.append(f"{path}: nothing is chosen. Choose one: {choosing(path)}=..., see run.py --help")
    elif not OmegaConf.is_dict(settings):
        faults.append(f"{path}: found {settings!r}, expected a component. Choose one: {choosing(path)}={settings}")
    else:
        return _built(cfg, path, faults)
    return None


def validated(cfg: DictConfig, path: str, kind: Any, faults: list[str]) -> Any:
    """Values that belong together, or None and their faults noted."""
    try:
        found = OmegaConf.select(cfg, path)
        return TypeAdapter(kind).validate_python(OmegaConf.to_container(found, resolve=True) if found is not None else {})
    except ValidationError as error:
        faults.extend(_reasons(path, error, cfg))
    return None


def check_values(cfg: DictConfig, values: Mapping[str, Any], faults: list[str]) -> None:
    """Note what is wrong with the values beside the groups."""
    for name, least in WHOLE.items():
        told = OmegaConf.is_interpolation(cfg, name)  # where the value that it takes stands
        if not told and (type(cfg.get(name)) is not int or cfg[name] < least):
            faults.append(f"{name}: found {cfg.get(name)!r}, expected a whole number from {least}")
    for name, (fits, most) in SHARES.items():
        if type(values[name]) not in (int, float) or values[name] <= 0 or not fits(values[name], 1):
            faults.append(f"{name}: found {values[name]!r}, expected a number above 0, {most} 1")
    if not isinstance(values["record"], str | None) or values["record"] == "":
        faults.append(f"record: found {values['record']!r}, expected a folder")
    if not isinstance(values["preview"], bool):
        faults.append(f"preview: found {values['preview']!r}, expected true or false")
    if not isinstance(cfg.get("store"), str):
        faults.append(f"store: found {cfg.get('store')!r}, expected a folder")


def _built(cfg: DictConfig, path: str, faults: list[str]) -> Any:
    settings = OmegaConf.select(cfg, path)
    try:
        if wrong := [*_unset(settings), *_unlocated(path, OmegaConf.to_container(settings))]:
            faults.extend(wrong)
        else:
            return hydra.utils.instantiate(settings, _convert_="all")
    except InterpolationToMissingValueError as error:
        if not faults:  # where the value stands that it takes, it is told that it is missing
            faults.append(f"{path}: {str(error).splitlines()[0]}")
    except OmegaConfBaseException as error:
        faults.append(f"{path}: {str(error).splitlines()[0]}")
    except InstantiationException as error:
        place = str(error).partition("\nfull_key: ")[2]  # of a component within another, such as a panel's member
        faults.extend(_reasons(place or path, error, cfg))
    return None


def _unset(settings: DictConfig) -> list[str]:
    """What has no default and was not named, in a line."""
    names = sorted(OmegaConf.missing_keys(settings))
    named = " ".join(f"{name}={EXAMPLES.get(name.rpartition('.')[2], '...')}" for name in names)
    return [f"{', '.join(names)}: not set. Expected {named}"] if names else []


def _unlocated(path: str, settings: Any, within: bool = False) -> Iterator[str]:
    """What is wrong with the classes that a component and those within it name."""
    if not isinstance(settings, dict):
        return
    target = settings.get("_target_")
    if target is None and not within:
        yield f"{path}._target_: not set. Expected the module and class of a component, such as our_package.OurMethod"
    elif target is not None and (wrong := _no_component(str(target))):
        yield f"{path}._target_={target}: {wrong}"
    for name, value in settings.items():
        yield from _unlocated(f"{path}.{name}", value, within=True)


def _no_component(target: str) -> str:
    """Why no component can be imported by this name; nothing where one can."""
    try:
        found = _locate(target)
    except (ImportError, ValueError):
        return _no_class(*target.rpartition(".")[::2])
    return "" if is_dataclass(found) else "it is not a @component. Write `@component`, of runner.component, above its class"


def _no_class(module: str, name: str) -> str:
    try:
        held = vars(import_module(module or name))
    except ModuleNotFoundError as error:
        absent = error.name or module
        if f"{module or name}.".startswith(f"{absent}."):
            return f"no module {absent} can be imported. Install it, put its folder on PYTHONPATH, or start run.py in that folder"
        if module.startswith("runner."):
            return f"the package {absent} is missing. Install it: pip install -e '.[local]'"
        return f"{module} imports {absent}, which is not installed here"
    except Exception as error:
        return f"{module} can't be imported: {type(error).__name__}: {error}"
    components = sorted(key for key, value in held.items() if is_dataclass(value) and value.__module__ == module)
    return f"{module} has no {name}; it has {', '.join(components) or 'no component'}"


def _reasons(path: str, error: BaseException, cfg: DictConfig) -> list[str]:
    """One line for each thing that is wrong, in words, with group and field."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ValidationError):
            return [_reason(path, part) for part in cause.errors() if not _checked(cfg, path, part["loc"])]
        cause = cause.__cause__ or cause.__context__
    return [f"{path}: {str(error).splitlines()[0]}"]


def _checked(cfg: DictConfig, path: str, place: tuple[int | str, ...]) -> bool:
    """Whether a component takes this setting from a value of the run, whose fault is told where that stands."""
    settings = OmegaConf.to_container(OmegaConf.select(cfg, path), resolve=False)
    found = settings.get(place[0]) if isinstance(settings, dict) and place else None
    return found in [f"${{{name}}}" for name in (*WHOLE, *SHARES)]


def _reason(path: str, part: Any) -> str:
    field = ".".join([path, *(str(place) for place in part["loc"])])
    if part["type"] == "unexpected_keyword_argument":
        return unknown(field)
    if part["type"] in {"missing_argument", "missing"}:
        return f"{field}: not set, and it has no default"
    message = str(part["msg"]).replace("Input should be", "expected").removeprefix("Value error, ").split(", unable")[0]
    return f"{field}: found {part['input']!r}, {message}"
