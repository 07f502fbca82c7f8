"""Built components to what they lack of their group's contract."""

import inspect
from collections.abc import Iterator
from typing import Any, Protocol

from runner.baseline import Baseline
from runner.corpus import Corpus
from runner.grader import Grader
from runner.method import Method
from runner.metric import Metric
from runner.model import Model, Tunable
from runner.retention import Retention
from runner.retriever import Retriever
from runner.size import Size
from runner.tracker import Tracker
from runner.tuner import Tuner

CONTRACTS: dict[str, type] = {
    "corpus": Corpus,
    "model": Tunable,
    "teacher": Model,
    "judge": Model,
    "method": Method,
    "size": Size,
    "tuner": Tuner,
    "retriever": Retriever,
    "baseline": Baseline,
    "grader": Grader,
    "metric": Metric,
    "retention": Retention,
    "tracker": Tracker,
}

ROLES = ("teacher", "judge")  # of the group model

_MISSING = object()


def complete(component: Any, group: str) -> list[str]:
    """Give a component the attributes that have a default, or list what it lacks.

    A contract gives an attribute a default by a value in its Protocol, such as `asks: bool = True`.
    """
    kind = type(component)
    if faults := list(_lacks(component, CONTRACTS[group])):
        # A class that fits another group was most likely put into the wrong yaml.
        fits = [other for other, contract in CONTRACTS.items() if other not in ROLES and not list(_lacks(component, contract))]
        other = f", and it fits the group {fits[0]}" if fits else ""
        return [f"{kind.__module__}.{kind.__qualname__} is no {group}: {'; '.join(faults)}{other}. See docs/extending.md"]
    for name, member in _members(CONTRACTS[group]):
        if inspect.getattr_static(component, name, _MISSING) is _MISSING:
            setattr(kind, name, member)  # on the class, since components are frozen
    return []


def _lacks(component: Any, contract: type) -> Iterator[str]:
    """Say each thing that a component lacks of a contract."""
    for name, member in _members(contract):
        # Static look-up: a property may read a file, which must not happen here.
        own = inspect.getattr_static(component, name, _MISSING)
        if inspect.isfunction(member):
            yield from _signature_faults(name, member, own)
        elif own is _MISSING and (member is _MISSING or isinstance(member, property)):
            yield f"it has no {name}"


def _members(contract: type) -> list[tuple[str, Any]]:
    """List the public members of a Protocol, each with its function, property or default."""
    ancestors = [base for base in contract.__mro__ if base not in (object, Protocol) and base.__module__ != "typing"]
    names = [name for base in ancestors for name in (*vars(base), *inspect.get_annotations(base)) if not name.startswith("_")]
    return [(name, inspect.getattr_static(contract, name, _MISSING)) for name in dict.fromkeys(names)]


def _signature_faults(name: str, expected: Any, own: Any) -> Iterator[str]:
    """Say why a method can't be called as the contract has it."""
    wanted = _parameters(expected)
    if not inspect.isfunction(own):
        yield f"it has no {name}({', '.join(wanted)})"
        return
    try:
        # The pipeline passes arguments by position. A parameter more is fine where it has a default.
        inspect.signature(own).bind(None, *wanted)
    except TypeError:
        yield f"found {name}({', '.join(_parameters(own))}), expected {name}({', '.join(wanted)})"


def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)[1:]
