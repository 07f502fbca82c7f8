"""The @component decorator: a class whose constructor is its schema, and the identity by which its output is kept."""

import dataclasses
from typing import Any, TypeVar, cast, dataclass_transform

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def component(cls: type[T]) -> type[T]:
    """Make cls a frozen, keyword-only pydantic dataclass that refuses unknown and ill-typed settings.

    Two class attributes, both optional, steer how its output is kept: `version`, which its author raises when
    its behaviour changes, and `incidental`, the names of settings that do not change what it returns.
    """
    made: Any = dataclass(config=ConfigDict(extra="forbid"), frozen=True, kw_only=True)(cls)
    return cast(type[T], made)


def identity(thing: Any) -> dict[str, Any]:
    """Everything about a component that decides its output, as plain values: class, version, settings, and its `state()`.

    A component has a `state` method where files that it reads decide its output too; it returns their fingerprint.
    """
    incidental: frozenset[str] = getattr(thing, "incidental", frozenset())
    settings = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.name not in incidental}
    kind = type(thing)
    state = {"state": thing.state()} if hasattr(thing, "state") else {}
    name = f"{kind.__module__}.{kind.__qualname__}"
    return {"class": name, "version": getattr(thing, "version", 1), **settings, **state}
