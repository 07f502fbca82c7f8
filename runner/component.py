"""The @component decorator: a class whose constructor is its schema, and the identity by which its output is kept."""

import dataclasses
from typing import Any, TypeVar, cast, dataclass_transform

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def component(cls: type[T]) -> type[T]:
    """Make cls a frozen, keyword-only pydantic dataclass that refuses unknown and ill-typed settings.

    Three class attributes, all optional, steer how its output is kept: `version`, which its author raises when
    its behaviour changes; `incidental`, the names of settings that do not change what it returns; and `later`, those of
    settings that came later and change nothing at their default, so that what was kept without them is found again.
    """
    made: Any = dataclass(config=ConfigDict(extra="forbid"), frozen=True, kw_only=True)(cls)
    return cast(type[T], made)


def identity(thing: Any) -> dict[str, Any]:
    """Everything about a component that decides its output, as plain values: class, version, settings, and its `state()`.

    A component has a `state` method where files that it reads decide its output too; it returns their fingerprint.
    """
    left_out: set[str] = {*getattr(thing, "incidental", ())}
    left_out |= {field.name for field in dataclasses.fields(thing) if _unused(thing, field)}
    settings = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.name not in left_out}
    kind = type(thing)
    state = {"state": thing.state()} if hasattr(thing, "state") else {}
    name = f"{kind.__module__}.{kind.__qualname__}"
    return {"class": name, "version": getattr(thing, "version", 1), **settings, **state}


def _unused(thing: Any, field: "dataclasses.Field[Any]") -> bool:
    return field.name in getattr(thing, "later", ()) and getattr(thing, field.name) == field.default
