"""Logs of other tools in, scores out.

A score belongs to a system, an item, a trial and an epoch. One module reads one format; `reading` chooses it by the file's
content. None of those tools needs to be installed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from runner.errors import InvalidInput

LONGEST = 400  # characters of a question or an answer that are kept


class Score(NamedTuple):
    """The score of one answer, as a log states it."""

    system: str  # who answered, as the log names it; "" if it does not say
    task: str
    item: str
    value: float | None  # None if it was not graded
    epoch: str = ""  # of several answers in one run. They are samples of one system, so their mean counts
    trial: str = ""  # of several runs, such as trainings with other seeds. They may differ as a whole
    cluster: str = ""  # of related items; "" if the item has none
    content: str = ""  # the item's question and target, or a hash of them: equal for the same item
    question: str = ""  # these three are for people, and may be cut
    reference: str = ""
    answer: str = ""


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
    system: str | None = None  # who gave all answers; None if there may be several
    task: str = ""  # that all answers belong to; "" if the log does not say
    scores: Callable[[], Iterator[Score]]
    notes: Sequence[str] = ()  # what a reader must know of the log, as sentences


def members(value: object) -> dict[str, Any]:
    """Return a JSON object; of any other value, an empty one.

    A log may be edited by hand, or come from a version that writes another type.
    """
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Cut a text to what a page shows.

    A list is that of the parts of a message, or of several references.
    """
    if isinstance(value, list):
        parts = [str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in value]
        return ", ".join(filter(None, parts))[:LONGEST]
    return "" if value is None else str(value)[:LONGEST]


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


def cluster_of(where: object, fields: Mapping[str, object], choices: Choices) -> str:
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
