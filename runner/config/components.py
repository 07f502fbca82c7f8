"""A part of a composed config in, a component out."""

from collections.abc import Iterator, Sequence
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

import hydra
from hydra.errors import InstantiationException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError, OmegaConfBaseException
from pydantic import ValidationError

from runner.config.contracts import complete
from runner.config.messages import group_override, unknown
from runner.config.settings import Settings
from runner.errors import Fault

# Values to show as an example where a setting without a default is not set.
EXAMPLES = {
    "path": "FOLDER",
    "labels": "1000",
    "fraction": "0.25",
    "tokens": "3000",
    "id": "MODEL",
    "base_url": "http://localhost:8000/v1",
    "model": "gpt-4.1-mini-2025-04-14",
}


def component(cfg: DictConfig, path: str, group: str, faults: list[str]) -> Any:
    """Build the component at `path`, or add to `faults`."""
    settings = OmegaConf.select(cfg, path, throw_on_missing=False)
    if settings is None:
        faults.append(f"{path}: nothing is chosen. Choose one: {group_override(path)}=..., see run.py --help")
        return None
    if not OmegaConf.is_dict(settings):
        faults.append(f"{path}: found {settings!r}, expected a component. Choose one: {group_override(path)}={settings}")
        return None
    return _instantiated(cfg, path, group, faults)


def validation_faults(path: str, error: ValidationError, cfg: DictConfig) -> list[str]:
    """Describe each value that pydantic refused: field, found, expected."""
    # A setting that takes its value from another, ${seed}, would repeat the fault of that one.
    return [_reason(path, part) for part in error.errors() if not _borrowed(cfg, path, part["loc"])]


def _instantiated(cfg: DictConfig, path: str, group: str, faults: list[str]) -> Any:
    place, built = path, None
    try:
        settings = OmegaConf.select(cfg, path)
        wrong = [*_unset(settings), *_wrong_classes(path, OmegaConf.to_container(settings))]
        # The class is checked before its settings: where it belongs to another group, they would all be refused too.
        if wrong := wrong or [f"{path}: {fault}" for fault in complete(hydra.utils.get_class(settings["_target_"]), group)]:
            faults.extend(wrong)
            return None
        # Components within this one, such as a panel's members, are built first and alone. So it is clear which is refused.
        for place in _targets(path, OmegaConf.to_container(settings)):
            built = hydra.utils.instantiate(OmegaConf.select(cfg, place), _convert_="all")
        return built
    except InterpolationToMissingValueError as error:
        if not faults:  # otherwise the missing value itself is among them
            faults.append(f"{place}: {str(error).splitlines()[0]}")
    except OmegaConfBaseException as error:
        faults.append(f"{place}: {str(error).splitlines()[0]}")
    except InstantiationException as error:
        faults.extend(_instantiation_faults(place, error, cfg))
    return None


def _targets(path: str, settings: Any) -> Iterator[str]:
    """Yield the places of components in a part, inner first."""
    if isinstance(settings, dict):
        for name, value in settings.items():
            yield from _targets(f"{path}.{name}", value)
        if "_target_" in settings:
            yield path


def _instantiation_faults(path: str, error: InstantiationException, cfg: DictConfig) -> list[str]:
    """Describe the values that pydantic refused, beneath Hydra's error."""
    # Hydra wraps errors more than once, and its own message only repeats theirs with a full key.
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, (ValidationError, Fault)):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, Fault):
        return [f"{path}: {cause}"]
    return validation_faults(path, cause, cfg) if cause else [f"{path}: {str(error).splitlines()[0]}"]


def _unset(settings: DictConfig) -> list[str]:
    """List the settings that need a value, with examples."""
    names = sorted(OmegaConf.missing_keys(settings))
    examples = " ".join(f"{name}={EXAMPLES.get(name.rpartition('.')[2], '...')}" for name in names)
    return [f"{', '.join(names)}: not set. Expected {examples}"] if names else []


def _wrong_classes(path: str, settings: Any, within: bool = False) -> Iterator[str]:
    """Describe wrong classes in a part, at any depth."""
    if not isinstance(settings, dict):
        return
    target = settings.get("_target_")
    # Within a component a mapping may be a plain setting, and needs no class.
    if target is None and not within:
        yield f"{path}._target_: not set. Expected the module and class of a component, such as our_package.OurMethod"
    elif target is not None and (wrong := _class_fault(*str(target).rpartition(".")[::2])):
        yield f"{path}._target_={target}: {wrong}"
    for name, value in settings.items():
        yield from _wrong_classes(f"{path}.{name}", value, within=True)


def _class_fault(module: str, name: str) -> str:
    """Return the reason why a name is no component."""
    if not module:
        return "expected the module and class of a component, such as our_package.OurMethod"
    try:
        values = vars(import_module(module))
    except ModuleNotFoundError as error:
        return _missing_module(module, error.name or module)
    except (Exception, SystemExit) as error:  # of the module's own code, which is run by the import
        return f"{module} can't be imported: {type(error).__name__}: {error}"
    if name in values:
        no_component = "it is not a @component. Write `@component`, of runner.component, above its class"
        # A plain dataclass would accept settings of any type. Only @component and @identified set this name.
        return "" if isinstance(values[name], type) and "kept_as" in dir(values[name]) else no_component
    components = sorted(key for key, value in values.items() if is_dataclass(value) and value.__module__ == module)
    return f"{module} has no {name}; it has {', '.join(components) or 'no component'}"


def _missing_module(module: str, absent: str) -> str:
    # `absent` is the module itself, a package that it lies in, or one that it imports.
    if f"{module}.".startswith(f"{absent}."):
        return f"no module {absent} can be imported. Install it, put its folder on PYTHONPATH, or start run.py in that folder"
    if module.startswith("runner."):
        return f"the package {absent} is missing. Install it: pip install -e '.[local]'"
    return f"{module} imports {absent}, which is not installed here"


def _borrowed(cfg: DictConfig, path: str, place: Sequence[int | str]) -> bool:
    """Return true for ${seed} and the like."""
    settings = OmegaConf.to_container(OmegaConf.select(cfg, path) if path else cfg, resolve=False)
    value = settings.get(place[0]) if isinstance(settings, dict) and place else None
    return value in [f"${{{name}}}" for name in Settings.model_fields]


def _reason(path: str, part: Any) -> str:
    field = ".".join([*([path] if path else []), *(str(place) for place in part["loc"])])
    if part["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return unknown(field)
    if part["type"] in {"missing_argument", "missing"}:
        return f"{field}: not set, and it has no default"
    if part["type"] == "value_error" and not part["loc"]:  # of a check of the whole component: no single value is wrong
        return f"{field}: {part['ctx']['error']}"
    # These are pydantic's documented beginnings of messages; "Value error" stands before our own.
    message = str(part["msg"]).replace("Input should be", "expected").removeprefix("Value error, ").split(", unable")[0]
    return f"{field}: found {part['input']!r}, {message}"
