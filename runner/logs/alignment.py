"""Gathered logs in, the systems on their common items out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from runner.comparison.words import shortened
from runner.errors import InvalidInput
from runner.logs.gathering import Logs
from runner.logs.items import Items
from runner.logs.naming import named

Array = NDArray[np.float64]


@dataclass(frozen=True)
class System:
    """A system with its scores on the common items."""

    name: str
    log: str  # its file or folder
    answers: Array  # scores with the shape (trials, epochs, items); NaN where there is none
    asked: int  # items that its log has, graded or not
    graded: frozenset[int]  # the graded ones, by their number in all logs
    texts: Sequence[str] = ()  # the answer to each common item, if answers are kept

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """Number of graded answers to each item."""
        graded: NDArray[np.intp] = (~np.isnan(self.answers)).sum((0, 1))
        return graded

    @cached_property
    def scores(self) -> Array:
        """The mean over epochs, with the shape (trials, items)."""
        counts, sums = (~np.isnan(self.answers)).sum(1), np.nansum(self.answers, 1)
        means: Array = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
        return means

    @property
    def means(self) -> Array:
        """Each item's mean over its graded trials."""
        means: Array = np.nanmean(self.scores, 0)
        return means


@dataclass(frozen=True)
class Systems:
    """All systems on their common items.

    These are the items that are graded for every system.
    """

    systems: Sequence[System]
    items: Sequence[str]
    questions: Sequence[str]  # of each item; "" if the log does not say
    references: Sequence[str]
    tasks: Sequence[str]
    clusters: Sequence[str]  # of each item; "" if it has none
    every: Items  # of all logs, common or not
    score: str  # what was read of the logs
    notes: Sequence[str] = ()  # what a reader must know of the logs


def aligned(logs: Logs) -> Systems:
    """Keep the items that are graded for every system.

    Raise InvalidInput if there are fewer than two systems, if two have one name, or if no item is left.
    """
    names = named(logs.systems)
    if len(names) < 2:
        number = f"one system, {names[0]}" if names else "no system"
        raise InvalidInput(f"found {number}. Expected two or more: name a log of each")
    graded = [system.graded for system in logs.systems]
    items = logs.items
    kept = [item for item in range(len(items.names)) if all(item in own for own in graded)]
    if not kept:
        raise InvalidInput(_apart(names, graded, items))
    return Systems(
        systems=[
            System(
                name=name,
                log=str(system.source.path),
                answers=system.table(kept),
                asked=len({item for item, _, _ in system.cells}),
                graded=frozenset(own),
                texts=[system.answers[item] for item in kept] if system.answers else (),
            )
            for name, system, own in zip(names, logs.systems, graded, strict=True)
        ],
        items=[items.names[item] for item in kept],
        questions=[items.questions[item] for item in kept],
        references=[items.references[item] for item in kept],
        tasks=[items.tasks[item] for item in kept],
        clusters=[items.clusters[item] for item in kept],
        every=items,
        score=logs.score,
        notes=logs.notes,
    )


def _apart(names: Sequence[str], graded: Sequence[set[int]], items: Items) -> str:
    """Say why no item is graded for all systems."""
    for name, own in zip(names, graded, strict=True):
        if not own:
            return f"{name}: no answer is graded, so there is nothing to compare. Expected at least one score"
    for pair in combinations(range(len(names)), 2):
        if not graded[pair[0]] & graded[pair[1]]:
            first, second = (f"{names[place]} has {shortened(items.names[min(graded[place])])!r}" for place in pair)
            return (
                f"{names[pair[0]]} and {names[pair[1]]} have no graded item in common: {first}, {second}. Expected logs of one "
                "task and one data set"
            )
    return "no item is graded for every system, though each two systems share some. Name fewer systems"
