"""A component's class in, its breaches of a contract out."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Protocol

from runner.baseline import Baseline
from runner.component import full_name
from runner.corpus import Corpus
from runner.errors import Fault
from runner.exam import ExamSource
from runner.filter import Filter, ReadsPurpose
from runner.grader import Grader
from runner.keep import AddsLoss, AsksUntuned, ChangesWeights, Distils, Keep, NeedsEnough
from runner.method import Method
from runner.metric import Metric
from runner.model import Model, Tunable
from runner.refine import Refine
from runner.retention import Retention
from runner.retrieval import StudentSearch
from runner.retriever import Retriever
from runner.review import ReviewUse
from runner.size import Size
from runner.tracker import Tracker
from runner.tuner import PaidTuner, Tuner, TunesForObjective

CONTRACTS: dict[str, type] = {
    "corpus": Corpus,
    "exam": ExamSource,
    "model": Tunable,
    "teacher": Model,
    "judge": Model,
    "examiner": Model,
    "method": Method,
    "size": Size,
    "tuner": Tuner,
    "keep": Keep,
    "refine": Refine,
    "retriever": Retriever,
    "retrieval": StudentSearch,
    "baseline": Baseline,
    "grader": Grader,
    "metric": Metric,
    "review": ReviewUse,
    "filter": Filter,
    "retention": Retention,
    "tracker": Tracker,
}

# Optional Protocols. A class with a part of one would count as one without it, and its methods would never be called.
ABILITIES: dict[str, tuple[type, ...]] = {
    "filter": (ReadsPurpose,),
    "keep": (NeedsEnough, AsksUntuned, Distils, AddsLoss, ChangesWeights),
    "tuner": (TunesForObjective, PaidTuner),
}

ROLES = ("teacher", "judge", "examiner")  # of the group model

_MISSING = object()  # not None, which may be an attribute's default


def complete(kind: type, group: str) -> list[str]:
    """Give a class a contract's defaults, or list its faults.

    A Protocol gives an attribute a default by a value, such as `asks: bool = True`.
    """
    if faults := list(_lacks(kind, CONTRACTS[group])):
        # A class that fits another group was most likely put into the wrong yaml.
        fits = [other for other, contract in CONTRACTS.items() if other not in ROLES and not list(_lacks(kind, contract))]
        other = f", and it fits the group {fits[0]}" if fits else ""
        return [f"{full_name(kind)} is no {group}: {'; '.join(faults)}{other}. See docs/extending.md"]
    if halves := [fault for ability in ABILITIES.get(group, ()) for fault in _halves(kind, ability)]:
        return [f"{full_name(kind)}: {'; '.join(halves)}. See docs/extending.md"]
    for name, member in _members(CONTRACTS[group]):
        if name not in _names(kind):
            setattr(kind, name, member)  # on the class, since components are frozen
    return []


def _halves(kind: type, ability: type) -> Iterator[str]:
    """Describe what is missing of a half-built ability."""
    # By its methods: a setting may have the name of an attribute by chance.
    methods = {name for name, member in _members(ability) if inspect.isfunction(member)} & _names(kind)
    yield from (f"it has {', '.join(sorted(methods))}, but {fault}" for fault in _lacks(kind, ability) if methods)


def _lacks(kind: type, contract: type) -> Iterator[str]:
    """Describe each breach of a contract."""
    # Not by `isinstance` and a Protocol: it compares names alone, says not what is missing, and would read properties.
    for name, member in _members(contract):
        if inspect.isfunction(member):
            yield from _signature_faults(name, member, inspect.getattr_static(kind, name, None))
        elif name not in _names(kind) and (member is _MISSING or isinstance(member, property)):
            yield f"it has no {name}"


def _names(kind: type) -> set[str]:
    # A setting without a default is a field, and no attribute of the class.
    return {*dir(kind), *(field.name for field in fields(kind))}


def _members(contract: type) -> list[tuple[str, Any]]:
    """List the public members of a Protocol, with their values."""
    # A contract may extend another one, as Tunable extends Model.
    ancestors = [base for base in contract.__mro__ if base not in (object, Protocol) and base.__module__ != "typing"]
    names = [name for base in ancestors for name in (*vars(base), *inspect.get_annotations(base)) if not name.startswith("_")]
    return [(name, inspect.getattr_static(contract, name, _MISSING)) for name in dict.fromkeys(names)]


def _signature_faults(name: str, expected: Any, own: Any) -> Iterator[str]:
    """Describe a method with other parameters than the contract's."""
    wanted = _signature(expected, bound=True)
    function = own.__func__ if isinstance(own, (staticmethod, classmethod)) else own
    if not inspect.isfunction(function):
        yield f"it has no {name}{wanted}"
        return
    signature = _signature(function, bound=not isinstance(own, staticmethod))
    try:
        # The pipeline passes arguments by position, so names may differ. Another parameter is fine if it has a default.
        signature.bind(*wanted.parameters)
    except TypeError:
        yield f"found {name}{signature}, expected {name}{wanted}"


def _signature(function: Any, bound: bool) -> inspect.Signature:
    """Return a signature without annotations, and without self if bound."""
    parameters = list(inspect.signature(function).parameters.values())[int(bound) :]
    return inspect.Signature([parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters])


def returned(component: Any, method: str, value: Any, kind: type) -> Any:
    """Return a value if it is of this kind.

    Raise a Fault that names class and method. Without it a wrong value would be kept, and fail far from its origin.
    """
    if not isinstance(value, kind):
        raise Fault(f"{full_name(component)}.{method} returned {value!r:.80}, expected {kind.__name__}. See docs/extending.md")
    return value


def returned_each(component: Any, method: str, values: Any, kind: type, count: int) -> list[Any]:
    """Return a list if every value is of this kind.

    Raise a Fault where it holds something else, or not as many as expected.
    """
    each = [returned(component, method, value, kind) for value in returned(component, method, values, list)]
    if len(each) != count:
        expected = f"expected {count}, one for each question. See docs/extending.md"
        raise Fault(f"{full_name(component)}.{method} returned a list of {len(each)}, {expected}")
    return each
