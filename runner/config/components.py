"""A part of a composed config in, a component out."""

from collections.abc import Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError, OmegaConfBaseException
from pydantic import ValidationError

from runner.config.classes import component_class, wrong_classes
from runner.config.contracts import complete
from runner.config.messages import group_override, unknown
from runner.config.secrets import resolved_secrets
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
    try:
        # Resolved, so that what is checked is what is built: ${...} may stand for whole parts.
        settings = OmegaConf.to_container(OmegaConf.select(cfg, path), resolve=True)
    except InterpolationToMissingValueError as error:
        if not faults:  # otherwise the missing value itself is among them
            faults.append(f"{path}: {str(error).splitlines()[0]}")
        return None
    except OmegaConfBaseException as error:
        faults.append(f"{path}: {str(error).splitlines()[0]}")
        return None
    wrong = [*_unset(OmegaConf.select(cfg, path)), *wrong_classes(path, settings)]
    # The class is checked before its settings: where it belongs to another group, they would all be refused too.
    if isinstance(settings, dict) and not wrong:
        wrong = [f"{path}: {fault}" for fault in complete(component_class(settings["_target_"]), group)]
    if group != "tracker":  # its address may hold a password of the environment, and is kept nowhere
        wrong += resolved_secrets(settings, path)
    faults.extend(wrong)
    return None if wrong else _made(cfg, path, settings, faults)


def _made(cfg: DictConfig, path: str, value: Any, faults: list[str]) -> Any:
    """Make the components of a part, inner first.

    This is the one place that makes an object of a config. Nothing but a component's class is ever called.
    """
    if isinstance(value, list):
        return [_made(cfg, f"{path}.{number}", part, faults) for number, part in enumerate(value)]
    if not isinstance(value, dict):
        return value
    before = len(faults)
    arguments = {name: _made(cfg, f"{path}.{name}", part, faults) for name, part in value.items() if name != "_target_"}
    if "_target_" not in value:
        return arguments
    if len(faults) > before:  # a component within this one, such as a panel's member, was refused
        return None
    try:
        return component_class(value["_target_"])(**arguments)
    except ValidationError as error:
        faults.extend(validation_faults(path, error, cfg))
    except Fault as fault:
        faults.append(f"{path}: {fault}")
    except Exception as error:  # of the class's own code
        faults.append(f"{path}: {value['_target_']} can't be made: {type(error).__name__}: {error}")
    return None


def _unset(settings: DictConfig) -> list[str]:
    """List the settings that need a value, with examples."""
    names = sorted(OmegaConf.missing_keys(settings))
    examples = " ".join(f"{name}={EXAMPLES.get(name.rpartition('.')[2], '...')}" for name in names)
    return [f"{', '.join(names)}: not set. Expected {examples}"] if names else []


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
    message = str(part["msg"]).replace("Input should be", "expected").replace("String should have", "expected text of")
    message = message.removeprefix("Value error, ").split(", unable")[0]
    return f"{field}: found {part['input']!r}, {message}"
