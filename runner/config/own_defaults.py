"""Files of one's own defaults in, overrides out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.errors import HydraException
from omegaconf import OmegaConf
from yaml import YAMLError

from runner.config.messages import group_override, refusal
from runner.config.override_text import is_readable
from runner.config.places import own_files
from runner.errors import InvalidInput


def own_defaults(command: Sequence[str]) -> list[str]:
    """Return the overrides that stand before a command's own."""
    return [override for _, overrides in _layers(command) for override in overrides]


@contextmanager
def naming_files(command: Sequence[str]) -> Iterator[None]:
    """Name the file before each fault it causes."""
    try:
        yield
    except InvalidInput as fault:
        starts = {start: file for file, overrides in _layers(command) for override in overrides for start in _starts(override)}
        lines = str(fault).splitlines()
        named = [next((f"{starts[start]}: {line}" for start in starts if line.startswith(start)), line) for line in lines]
        raise InvalidInput("\n".join(named)) from fault


def _starts(override: str) -> Iterator[str]:
    """Yield what a fault of an override may begin with."""
    name, _, value = override.partition("=")
    name = name.lstrip("+~")
    # Hydra names the group of a choice without its role: model=nope for model@teacher=nope.
    yield from (f"{name}:", f"{name}=", f"{name.partition('@')[0]}={value}:")


def _layers(command: Sequence[str]) -> list[tuple[Path, list[str]]]:
    """Return the files with their overrides, the weakest first.

    The command wins over the project's file, which wins over the user's. What a stronger one replaces is left out.
    """
    stronger = _named(command)
    layers = list[tuple[Path, list[str]]]()
    for file in own_files():
        overrides = _overrides(file)
        own = _named(overrides)
        kept = [override for override in overrides if not _is_void(override, own, stronger)]
        layers.insert(0, (file, kept))
        stronger = {**_named(kept), **stronger}
    return layers


def _is_void(override: str, own: Mapping[str, str], stronger: Mapping[str, str]) -> bool:
    (name,) = _named([override])
    # The file's settings of a teacher go with its teacher: another one need not have them.
    group = group_override(name.partition(".")[0])
    return name in stronger or (group in own and stronger.get(group, own[group]) != own[group])


def _named(overrides: Sequence[str]) -> dict[str, str]:
    """Map each name to the text of its value."""
    pairs = (override.lstrip("+~").partition("=") for override in overrides)
    return {name: value for name, _, value in pairs}


def _overrides(file: Path) -> list[str]:
    try:
        settings = OmegaConf.to_container(OmegaConf.load(file))
    except YAMLError as error:
        raise InvalidInput(refusal(error)) from error
    except (OSError, UnicodeDecodeError) as error:  # OmegaConf raises an OSError where the yaml is a single value
        raise InvalidInput(f"{file}: can't be read as settings ({error})") from error
    if not isinstance(settings, Mapping):
        raise InvalidInput(f"{file}: expected settings as on the command line, such as store: /data/store")
    overrides = list[str]()
    for name, value in _flat(settings):
        if not is_readable(f"{name}=null"):
            raise InvalidInput(f"{file}: {name}: expected the name of a setting or group, as on the command line")
        overrides.append(f"{name}={_text(name, value)}")
    return overrides


def _flat(settings: Mapping[Any, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", value


def _text(name: str, value: Any) -> str:
    """Write a yaml's value as an override's value."""
    if isinstance(value, list):
        return f"[{','.join(_text(name, part) for part in value)}]"
    if not isinstance(value, str):
        return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # Only where Hydra would read something else is it quoted, since overrides are shown in names of arms.
    try:
        override = OverridesParser.create().parse_override(f"{name}={value}")
        if not override.is_sweep_override() and override.value() == value:
            return value
    except HydraException:  # no plain value: it holds a space or a quote
        pass
    return QuotedString(value, Quote.single).with_quotes()
