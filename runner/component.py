"""The @component decorator, and the identity of a component."""

import ast
import dataclasses
import hashlib
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar, cast, dataclass_transform, runtime_checkable

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")

# A class sets those of `Component` that it needs, each as a ClassVar.
NO_SETTINGS: frozenset[str] = frozenset()
DEFAULTS: dict[str, Any] = {
    "version": 1,
    "incidental": NO_SETTINGS,
    "later": NO_SETTINGS,
    "former": MappingProxyType({}),
    "kept_as": "",
}


@runtime_checkable
class Component(Protocol):
    """Class attributes that decide how a component's output is kept."""

    version: ClassVar[int]  # raised by the author when the behaviour changes
    incidental: ClassVar[frozenset[str]]  # settings that do not change the output
    # Settings that were added later and change nothing at their default. Output that was kept without them is found again.
    later: ClassVar[frozenset[str]]
    # Settings that were removed, with the value at which they did nothing. Output that was kept with them is found again.
    former: ClassVar[Mapping[str, Any]]
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
    own = {name: _plain(value) for name, value in values.items() if name not in instance.incidental | unused}
    return {**instance.former, **own}


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

    Every file of its package counts, since a class may use any of them. Of a module without a package the modules beside it
    count that it imports.
    """
    parts = module.split(".")
    # The outermost package with a file: a namespace package has no end, and a module of a notebook has no file at all.
    around = [(end, vars(sys.modules[".".join(parts[:end])])) for end in range(1, len(parts) + 1)]
    depth, outermost = next(((end, names) for end, names in around if names.get("__file__")), (0, {}))
    if not outermost:
        return ""
    origin = Path(outermost["__file__"])
    root, package = origin.parents[depth - 1], "__path__" in outermost
    files = sorted(origin.parent.rglob("*.py")) if package else [origin]
    beside = [] if package else sorted(imported_files(origin, root))
    digest = hashlib.sha256()
    for file in files:
        # The path counts too, or code that moves from one file to another would change nothing.
        digest.update(f"{file.relative_to(origin.parent)}\0".encode() + file.read_bytes())
    for file in beside:
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def imported_files(origin: Path, root: Path) -> set[Path]:
    """List the files below `root` that a file imports.

    What these import counts too. Installed packages do not, nor does this one.
    """
    if str(root) in sysconfig.get_paths().values():
        return set()
    files, waiting = {origin}, [origin]
    while waiting:
        for parts in _imports(waiting.pop(), root):
            added = _module_files(parts, root) - files
            files |= added
            waiting += added
    return files - {origin}


def _imports(file: Path, root: Path) -> Iterator[Sequence[str]]:
    """Yield the names that a file imports, in parts."""
    package = file.relative_to(root).parts[:-1]
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot is the file's own package, each further dot one above it.
            start = package[: len(package) + 1 - node.level] if node.level else ()
            module = (*start, *filter(None, (node.module or "").split(".")))
            # Each name may be a module too.
            yield from (module, *((*module, alias.name) for alias in node.names))


def _module_files(parts: Sequence[str], root: Path) -> set[Path]:
    """List the files of a module below `root`."""
    if not parts or parts[0] == __package__:
        return set()
    for end in range(1, len(parts) + 1):
        folder = root.joinpath(*parts[:end])
        if (folder / "__init__.py").is_file():
            return {*folder.rglob("*.py")}
    file = root.joinpath(*parts).with_suffix(".py")
    return {file} if file.is_file() else set()
