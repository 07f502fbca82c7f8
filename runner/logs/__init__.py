"""Logs of other tools in, scores out.

A score belongs to a system, an item and a trial. One module reads one format; `reading` chooses it by the file's content. None of
those tools needs to be installed.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from runner.errors import InvalidInput


class Score(NamedTuple):
    """The score of one answer, as a log states it."""

    system: str  # who answered, as the log names it; "" if it does not say
    task: str
    item: str
    trial: str  # of several answers to one item: an epoch, a repeat, a seed
    value: float | None  # None if it was not graded
    cluster: str = ""  # of related items; "" if the item has none
    content: str = ""  # the item's question and target, or a hash of them: equal for the same item


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The score and the clusters to read of a log."""

    score: str = ""  # of which scorer or metric; "" if the log has one only
    cluster: str = ""  # the field that names an item's cluster


@dataclass(frozen=True, kw_only=True)
class Log:
    """An opened log: what it holds, and its scores one at a time."""

    tool: str
    score: str  # the scorer or metric that is read
    task: str = ""  # that all answers belong to; "" if the log does not say
    scores: Callable[[], Iterator[Score]]
    notes: Sequence[str] = ()  # what a reader must know of the log, as sentences


def chosen(where: object, names: Collection[str], choices: Choices) -> str:
    """Return the scorer or metric to read.

    Raise InvalidInput if there are several and none was chosen, or if the chosen one is not there.
    """
    listed = ", ".join(sorted(names))
    if not names:
        raise InvalidInput(f"{where}: no answer is scored. Expected at least one score")
    if choices.score and choices.score not in names:
        raise InvalidInput(f"{where}: no score is called {choices.score!r}. It has {listed}: --score NAME")
    if not choices.score and len(names) > 1:
        raise InvalidInput(f"{where}: several scores: {listed}. Name one of them: --score {min(names)}")
    return choices.score or next(iter(names))


def cluster_of(where: object, fields: dict[str, object], choices: Choices) -> str:
    """Return the item's cluster, from the field that was chosen.

    Raise InvalidInput if the item has no such field.
    """
    if not choices.cluster:
        return ""
    if choices.cluster not in fields:
        names = ", ".join(sorted(map(str, fields))) or "none"
        raise InvalidInput(f"{where}: the item has no field {choices.cluster!r}. Its fields: {names}. Name one: --cluster FIELD")
    value = fields[choices.cluster]
    return "" if value is None else str(value)
