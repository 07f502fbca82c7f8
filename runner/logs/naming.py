"""Gathered systems in, names that differ out."""

from collections import Counter
from collections.abc import Sequence

from runner.errors import InvalidInput
from runner.logs.gathering import Gathered


def named(systems: Sequence[Gathered]) -> list[str]:
    """Name the systems so that no two names are equal.

    A given name counts most. If a log with a given name holds several systems, each is called by both names. Systems that
    their logs call the same are called by their files. Raise InvalidInput if two names are equal all the same.
    """
    given = Counter(system.source.name for system in systems)
    names = [_name(system, given[system.source.name] > 1) for system in systems]
    times = Counter(names)
    # A file of several systems can't stand for one of them.
    files = Counter(system.source for system in systems)
    names = [
        system.source.path.stem if times[name] > 1 and not system.source.name and files[system.source] == 1 else name
        for name, system in zip(names, systems, strict=True)
    ]
    for name, count in Counter(names).items():
        if count > 1:
            paths = [system.source.path for other, system in zip(names, systems, strict=True) if other == name]
            words = " ".join(f"NAME{number}={path}" for number, path in enumerate(paths, start=1))
            raise InvalidInput(f"{count} systems are called {name}. Give each a name of its own: {words}")
    return names


def _name(system: Gathered, several: bool) -> str:
    own = system.name or system.source.path.stem
    if not system.source.name:
        return own
    return f"{system.source.name} {own}" if several else system.source.name
