"""The @component decorator and the identity under which a component's output is kept."""

import dataclasses
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar, cast, dataclass_transform, runtime_checkable

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")

# What a class need not say. Its author overrides each as a ClassVar.
DEFAULTS: dict[str, Any] = {"version": 1, "incidental": frozenset(), "later": frozenset(), "kept_as": ""}


class Component(Protocol):
    """Class attributes that decide how a component's output is kept.

    `version` is raised by the author when the behaviour changes. `incidental` names settings that do not change the
    output. `later` names settings that were added later and change nothing at their default, so that output that was
    kept without them is found again. `kept_as` is the former module and class name of a class that was renamed.
    """

    version: ClassVar[int]
    incidental: ClassVar[frozenset[str]]
    later: ClassVar[frozenset[str]]
    kept_as: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, "dataclasses.Field[Any]"]]


@runtime_checkable
class Stateful(Protocol):
    """A component whose output depends on files that it reads too."""

    def state(self) -> Any:
        """Return a fingerprint of these files, as plain values."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def component(cls: type[T]) -> type[T]:
    """Make a class a frozen, keyword-only pydantic dataclass.

    Its constructor is its schema: unknown and ill-typed settings are refused. `Component` says which class attributes it
    may set beside.
    """
    made: Any = dataclass(config=ConfigDict(extra="forbid"), frozen=True, kw_only=True)(identified(cls))
    return cast(type[T], made)


def identified(cls: type[T]) -> type[T]:
    """Give a class the attributes of `Component` that it does not set."""
    for name, value in DEFAULTS.items():
        if not any(name in vars(ancestor) for ancestor in cls.__mro__):
            setattr(cls, name, value)
    return cls


def identity(thing: Any) -> dict[str, Any]:
    """Return everything about a component that decides its output.

    That is its class, version and settings, its `state()`, and of a class from outside this package its source. All are
    plain values that JSON can hold.
    """
    settings = dict(_settings(thing))
    kind = type(thing)
    module = kind.__module__
    # The order of the keys does not matter, since hashes are made of sorted JSON.
    parts: dict[str, Any] = {"class": thing.kept_as or f"{module}.{kind.__qualname__}", "version": thing.version, **settings}
    if isinstance(thing, Stateful):
        parts["state"] = thing.state()
    if module.partition(".")[0] != __package__:
        # Of our own classes the version counts. Of others' nobody can know that it was raised.
        parts["source"] = source_digest(module)
    return parts


def _settings(thing: Component) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(thing):
        value = vars(thing)[field.name]
        unused = field.name in thing.later and value == field.default
        if field.name not in thing.incidental and not unused:
            yield field.name, value


@cache
def source_digest(module: str) -> str:
    """Return the digest of the Python source that a module belongs to.

    Of a package that is every file of it, since a class may use any of them. It is computed once in a process.
    """
    top = vars(sys.modules[module.partition(".")[0]])
    if not top.get("__file__"):  # a namespace package, which has no end, or a notebook, which has no file
        top = vars(sys.modules[module])
    if not top.get("__file__"):
        return ""
    origin = Path(top["__file__"])
    files = sorted(origin.parent.rglob("*.py")) if "__path__" in top else [origin]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(origin.parent)}\0".encode() + file.read_bytes())
    return digest.hexdigest()
