"""Logs in, the scores of each system out.

Every score is checked here: its range, its item's content and cluster, and that no answer is scored twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.comparison.words import shortened
from runner.errors import InvalidInput
from runner.logs import Choices, Log, Score
from runner.logs.items import Items
from runner.logs.reading import files, opened

Array = NDArray[np.float64]
ROUNDING = 1e-9  # by which a score may lie outside of 0 to 1


@dataclass(frozen=True)
class LogPath:
    """A log on the command line: NAME=PATH, or PATH."""

    name: str  # "" if the log's own names are to be used
    path: Path


@dataclass
class Gathered:
    """The scores of one system, as they are read."""

    name: str  # as the log names it
    source: LogPath
    answers: dict[int, str] = field(default_factory=dict)  # the first one to each item, if answers are kept
    # By item, trial and epoch, each by its number; NaN if ungraded.
    cells: dict[tuple[int, int, int], float] = field(default_factory=dict)
    # The numbers of trials, by task. A file with another task adds items, and no trials.
    _trials: dict[str, dict[tuple[Path, str], int]] = field(default_factory=lambda: defaultdict(dict))
    _epochs: dict[str, int] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """The system's name in messages."""
        return self.source.name or self.name or str(self.source.path)

    @property
    def graded(self) -> set[int]:
        """The items with at least one grade."""
        return {item for (item, _, _), value in self.cells.items() if not isnan(value)}

    def add(self, item: int, file: Path, task: str, score: Score) -> None:
        """Keep a score; raise InvalidInput if it is not from 0 to 1, or the second of an answer."""
        trials = self._trials[task]
        trial = trials.setdefault((file, score.trial), len(trials))
        epoch = self._epochs.setdefault(score.epoch, len(self._epochs))
        if (item, trial, epoch) in self.cells:
            which = " ".join(filter(None, [score.trial and f"in trial {score.trial}", score.epoch and f"in epoch {score.epoch}"]))
            raise InvalidInput(
                f"{file}: item {shortened(score.item)} has more than one score by {self.called} {which}".rstrip()
                + ". Expected one score for each answer. Repeated runs differ in their trial"
            )
        self.cells[item, trial, epoch] = _checked(file, score)

    def table(self, items: Sequence[int]) -> Array:
        """Return the scores with the shape (trials, epochs, items).

        A trial without a grade on these items is left out.
        """
        trials = 1 + max(trial for _, trial, _ in self.cells)
        table = np.full((trials, len(self._epochs), len(items)), np.nan)
        places = {item: place for place, item in enumerate(items)}
        for (item, trial, epoch), value in self.cells.items():
            if item in places:
                table[trial, epoch, places[item]] = value
        kept: Array = table[~np.isnan(table).all((1, 2))]
        return kept


@dataclass(frozen=True)
class Logs:
    """Everything that was read."""

    items: Items
    systems: Sequence[Gathered]
    score: str  # what was read of the logs
    notes: Sequence[str]


def gather(sources: Sequence[LogPath], choices: Choices, answers: bool = False) -> Logs:
    """Read all logs; raise InvalidInput at the first fault.

    Without `answers`, the memory does not depend on the length of the texts.
    """
    read = [(source, file, opened(file, choices)) for source in sources for file in files(source.path)]
    several, lone = _several_tasks(read), _lone(read)
    items, systems = Items(), dict[tuple[str, str], Gathered]()
    taken: dict[tuple[LogPath, str, str], Path] = {}
    for source, file, log in read:
        for score in log.scores():
            # Logs of one given name are trials of one system, whatever they call it. Logs of several systems tell them apart
            # by their own names. Without a given name, each log has systems of its own.
            key = source.name or str(source.path), "" if source in lone else score.system
            system = systems.setdefault(key, Gathered(score.system, source))
            if (other := taken.setdefault((source, score.system, log.task), file)) != file:
                raise InvalidInput(
                    f"{source.path} holds two logs of one task by {system.called}: {other.name} and {file.name}. "
                    f"Name one file. If they are trials of one system, give both one name: NAME={other} NAME={file}"
                )
            place = items.place(score, score.task if several else "", system.called)
            system.add(place, file, log.task, score)
            if answers:
                system.answers.setdefault(place, score.answer)
    scores = dict.fromkeys(log.score for _, _, log in read)
    notes = [note for _, _, log in read for note in log.notes]
    if len(scores) > 1:
        notes.append(f"The logs hold different scores: {', '.join(scores)}. A difference may come from that alone.")
    return Logs(items, list(systems.values()), " and ".join(scores), notes)


def _checked(file: Path, score: Score) -> float:
    """Return a score from 0 to 1; NaN if it was not graded."""
    if score.value is None or isnan(score.value):
        return float("nan")
    if not -ROUNDING <= score.value <= 1 + ROUNDING:
        raise InvalidInput(
            f"{file}: item {shortened(score.item)} has the score {score.value:g}. Expected 0 to 1. Divide all scores by the "
            "highest possible one, or name another score: --score NAME"
        )
    return min(max(score.value, 0.0), 1.0)


def _lone(read: Iterable[tuple[LogPath, Path, Log]]) -> set[LogPath]:
    """Return the named logs that hold one system each."""
    systems: dict[LogPath, set[str | None]] = defaultdict(set)
    for source, _, log in read:
        systems[source].add(log.system)
    return {source for source, names in systems.items() if source.name and len(names) == 1 and None not in names}


def _several_tasks(read: Iterable[tuple[LogPath, Path, Log]]) -> bool:
    """Return True if one system took more than one task.

    With one task everywhere its name is of no account: another version of the data may have another.
    """
    tasks: dict[str, set[str]] = defaultdict(set)
    for source, _, log in read:
        tasks[source.name or str(source.path)].add(log.task)
    return any(len(names) > 1 for names in tasks.values())
