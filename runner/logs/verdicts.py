"""Aligned systems in, their means and verdicts out.

The statistics of logs are called here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from runner.comparison import ArmPair
from runner.comparison.words import number
from runner.logs.alignment import System, Systems
from runner.statistics import Contrast, Grades, Interval, contrast, decisions, interval, numbered, spread
from runner.statistics.score_interval import score_interval

Pair = tuple[System, System]


@dataclass(frozen=True)
class LoggedExam:
    """The common items, and what all comparisons on them share."""

    systems: Sequence[System]
    facts: NDArray[np.intp]  # the number of each item's cluster
    tasks: NDArray[np.str_]  # of each item
    error: float
    spread: float | None  # standard deviation between runs, where a system was run several times

    @classmethod
    def of(cls, systems: Systems, error: float) -> "LoggedExam":
        """Prepare the comparisons of systems."""
        facts = numbered(systems.clusters)
        between = spread([Grades(system.scores) for system in systems.systems], facts)
        return cls(systems.systems, facts, np.array(systems.tasks), error, between)

    @property
    def several_tasks(self) -> list[str]:
        """The names of the tasks; empty if there is one."""
        names = [str(name) for name in np.unique(self.tasks)]
        return names if len(names) > 1 else []

    def mean(self, system: System, task: str = "") -> Interval:
        """Estimate a system's mean score, maybe over one task."""
        chosen = self._items(task)
        scores, facts = system.scores[:, chosen], np.unique(self.facts[chosen], return_inverse=True)[1]
        # Right and wrong answers have an interval that is better at both ends. With epochs, a score is a share.
        if np.isin(scores, (0, 1)).all():
            runs = np.repeat(np.arange(len(scores)), len(facts)) if len(scores) > 1 else np.array([])
            clusters = [str(fact) for fact in np.tile(facts, len(scores))]
            if estimate := interval(scores.ravel().astype(bool).tolist(), clusters, self.error, runs.tolist()):
                return estimate
        return score_interval(scores, facts, self.error)

    def pairs(self, base: str) -> list[ArmPair]:
        """Compare all systems with the base, and with each other.

        Those with the base are one family, by task another one, and all others a third.
        """
        first, *others = sorted(self.systems, key=lambda system: system.name != base)
        with_base = [(first, other) for other in others]
        pairs = self._decided(with_base, f"with {base}", [""])
        if names := self.several_tasks:
            pairs += self._decided(with_base, f"with {base}, by task", names)
        return pairs + self._decided(list(combinations(others, 2)), f"between systems other than {base}", [""])

    def _items(self, task: str) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = self.tasks == task if task else np.ones(len(self.tasks), dtype=bool)
        return chosen

    def _decided(self, pairs: Sequence[Pair], described: str, tasks: Sequence[str]) -> list[ArmPair]:
        """Decide a family of comparisons together."""
        compared = [
            (first, second, task, difference)
            for first, second in pairs
            for task in tasks
            if (difference := self._contrast(first, second, task))
        ]
        decided = decisions([difference for *_, difference in compared], self.error)
        tests = sum(not difference.lacking for *_, difference in compared)
        family = f"{number(tests)} comparison{'' if tests == 1 else 's'} {described}"
        return [
            ArmPair(
                first=first.name,
                second=second.name,
                category=task,
                difference=difference.difference(decision.error, self.spread),
                p=decision.p,
                verdict=decision.verdict,
                family=family,
                tests=tests,
            )
            for (first, second, task, difference), decision in zip(compared, decided, strict=True)
        ]

    def _contrast(self, first: System, second: System, task: str) -> Contrast | None:
        chosen = self._items(task)
        return contrast(Grades(first.scores[:, chosen]), Grades(second.scores[:, chosen]), self.facts[chosen])
