"""A class's name in, a component's class or reason out."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any


def component_class(target: Any) -> type[Any]:
    """Return the class that a `_target_` names.

    Raise a ValueError with the reason if it names anything but a component. A config may come from a stranger, and a function
    of the standard library could read, write or start whatever it is told.
    """
    module, _, name = str(target).rpartition(".")
    if not module:
        raise ValueError("expected the module and class of a component, such as our_package.OurMethod")
    try:
        values = vars(import_module(module))
    except ModuleNotFoundError as error:
        raise ValueError(_missing_module(module, error.name or module)) from error
    except (Exception, SystemExit) as error:  # of the module's own code, which is run by the import
        raise ValueError(f"{module} can't be imported: {type(error).__name__}: {error}") from error
    if name not in values:
        components = sorted(key for key, value in values.items() if is_dataclass(value) and value.__module__ == module)
        raise ValueError(f"{module} has no {name}; it has {', '.join(components) or 'no component'}")
    # A plain dataclass would accept settings of any type. Only @component and @identified set this name.
    if not (isinstance(values[name], type) and "kept_as" in dir(values[name])):
        raise ValueError("it is not a @component. Write `@component`, of runner.component, above its class")
    kind: type[Any] = values[name]
    return kind


def wrong_classes(path: str, settings: Any, within: bool = False) -> Iterator[str]:
    """Describe each `_target_` that is no component, at any depth."""
    if isinstance(settings, list):
        for number, value in enumerate(settings):
            yield from wrong_classes(f"{path}.{number}", value, within=True)
    if not isinstance(settings, dict):
        return
    # Within a component a mapping may be a plain setting, and needs no class.
    if "_target_" not in settings and not within:
        yield f"{path}._target_: not set. Expected the module and class of a component, such as our_package.OurMethod"
    if "_target_" in settings:
        try:
            component_class(settings["_target_"])
        except ValueError as error:
            yield f"{path}._target_={settings['_target_']}: {error}"
    for name, value in settings.items():
        yield from wrong_classes(f"{path}.{name}", value, within=True)


def _missing_module(module: str, absent: str) -> str:
    # `absent` is the module itself, a package that it lies in, or one that it imports.
    if f"{module}.".startswith(f"{absent}."):
        return f"no module {absent} can be imported. Install it, put its folder on PYTHONPATH, or start run.py in that folder"
    if module.startswith("runner."):
        return f"the package {absent} is missing. Install it: pip install -e '.[local]'"
    return f"{module} imports {absent}, which is not installed here"
