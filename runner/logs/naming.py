"""Gathered systems in, names that differ out."""

from collections import Counter
from collections.abc import Sequence

from runner.errors import InvalidInput
from runner.logs.gathering import Gathered


def named(systems: Sequence[Gathered]) -> list[str]:
    """Name the systems so that no two names are equal.

    A given name counts most. Systems that their logs call the same are called by their files. If such a log holds several
    systems, each keeps its own name behind that. Raise InvalidInput if two names are equal all the same.
    """
    logs = Counter(system.source.name or system.source for system in systems)
    own = Counter(system.name for system in systems if not system.source.name)
    names = []
    for system in systems:
        log = system.source.name or system.source.path.stem
        if not system.source.name and system.name and own[system.name] == 1:
            names.append(system.name)
        else:
            names.append(f"{log} {system.name}" if logs[system.source.name or system.source] > 1 else log)
    for name, count in Counter(names).items():
        if count > 1:
            paths = [system.source.path for other, system in zip(names, systems, strict=True) if other == name]
            words = " ".join(f"NAME{number}={path}" for number, path in enumerate(paths, start=1))
            raise InvalidInput(f"{count} systems are called {name}. Give each a name of its own: {words}")
    return names
