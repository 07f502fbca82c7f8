"""The @component decorator, and the identity of a component."""

import dataclasses
import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar, cast, dataclass_transform, runtime_checkable

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")

# A class sets those of `Component` that it needs, each as a ClassVar.
DEFAULTS: dict[str, Any] = {"version": 1, "incidental": frozenset(), "later": frozenset(), "kept_as": ""}


@runtime_checkable
class Component(Protocol):
    """Class attributes that decide how a component's output is kept."""

    version: ClassVar[int]  # raised by the author when the behaviour changes
    incidental: ClassVar[frozenset[str]]  # settings that do not change the output
    # Settings that were added later and change nothing at their default. Output that was kept without them is found again.
    later: ClassVar[frozenset[str]]
    kept_as: ClassVar[str]  # the former module and name of a class that was renamed
    __dataclass_fields__: ClassVar[dict[str, "dataclasses.Field[Any]"]]


@runtime_checkable
class Stateful(Protocol):
    """A component whose output depends on files too."""

    def state(self) -> Any:
        """Return a fingerprint of the files, as plain values."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def component(cls: type[T]) -> type[T]:
    """Make a class a frozen, keyword-only pydantic dataclass.

    Its constructor is its schema: unknown and ill-typed settings are refused. See `Component` for its class attributes.
    """
    made: Any = dataclass(config=ConfigDict(extra="forbid"), frozen=True, kw_only=True)(identified(cls))
    return cast(type[T], made)


def identified(cls: type[T]) -> type[T]:
    """Give a class the attributes of `Component` that it lacks."""
    for name in DEFAULTS.keys() - {*dir(cls)}:
        setattr(cls, name, DEFAULTS[name])
    return cls


def full_name(component: Any) -> str:
    """Return module and name of a class or instance's class."""
    kind = component if isinstance(component, type) else type(component)
    return f"{kind.__module__}.{kind.__qualname__}"


def identity(instance: Any) -> dict[str, Any]:
    """Return everything about a component that decides its output.

    That is its class, version and settings; its `state()`; and the source of a class from outside this package. All are
    plain values that JSON can hold.
    """
    kind = type(instance)
    # A subclass is another class than the one that was renamed, so an inherited name is not its own.
    name = vars(kind).get("kept_as") or full_name(kind)
    # The order of the keys does not matter, since hashes are made of sorted JSON.
    parts = {"class": name, "version": instance.version}
    parts |= _settings(instance)
    if isinstance(instance, Stateful):
        parts["state"] = instance.state()
    if kind.__module__.partition(".")[0] != __package__:
        # Of our own classes the version counts. Of others' nobody can know that it was raised.
        parts["source"] = source_digest(kind.__module__)
    return parts


def _settings(instance: Component) -> dict[str, Any]:
    values = {field.name: vars(instance)[field.name] for field in dataclasses.fields(instance)}
    unused = {field.name for field in dataclasses.fields(instance) if values[field.name] == field.default} & instance.later
    return {name: _plain(value) for name, value in values.items() if name not in instance.incidental | unused}


def _plain(value: Any) -> Any:
    """Replace components within a setting by their identities."""
    # Of a component within another one the class and the version count too, and not its settings alone.
    if isinstance(value, Component):
        return identity(value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value


@cache
def source_digest(module: str) -> str:
    """Return the digest of the source a module belongs to.

    Every file of its package counts, since a class may use any of them.
    """
    parts = module.split(".")
    # The outermost package with a file: a namespace package has no end, and a module of a notebook has no file at all.
    around = [vars(sys.modules[".".join(parts[:end])]) for end in range(1, len(parts) + 1)]
    outermost = next((names for names in around if names.get("__file__")), None)
    if outermost is None:
        return ""
    origin = Path(outermost["__file__"])
    files = sorted(origin.parent.rglob("*.py")) if "__path__" in outermost else [origin]
    digest = hashlib.sha256()
    for file in files:
        # The path counts too, or code that moves from one file to another would change nothing.
        digest.update(f"{file.relative_to(origin.parent)}\0".encode() + file.read_bytes())
    return digest.hexdigest()
