"""Aligned systems in, their means and verdicts out.

The statistics of logs are called here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from runner.comparison import ArmPair
from runner.comparison.pairs import Sheet
from runner.logs.alignment import System, Systems
from runner.statistics import Grades, Interval, interval
from runner.statistics.score_interval import score_interval


@dataclass(frozen=True)
class LoggedExam:
    """The systems, and what all comparisons of them share."""

    systems: Sequence[System]
    sheet: Sheet  # the common items; the categories are their tasks

    @classmethod
    def of(cls, systems: Systems, error: float) -> "LoggedExam":
        """Prepare the comparisons of systems."""
        grades = [Grades(system.scores) for system in systems.systems]
        return cls(systems.systems, Sheet.of(grades, systems.clusters, systems.tasks, error))

    @property
    def several_tasks(self) -> list[str]:
        """The names of the tasks; empty if there is one."""
        names = [str(name) for name in np.unique(self.sheet.categories)]
        return names if len(names) > 1 else []

    def mean(self, system: System, task: str = "") -> Interval:
        """Estimate a system's mean score, maybe over one task."""
        chosen = self.sheet.asked(task)
        scores, facts = system.scores[:, chosen], np.unique(self.sheet.facts[chosen], return_inverse=True)[1]
        scores = scores[~np.isnan(scores).all(1)]  # a run that did not take this task says nothing of it
        # Right and wrong answers have an interval that is better at both ends. With epochs, a score is a share.
        if np.isin(scores, (0, 1)).all():
            runs = np.repeat(np.arange(len(scores)), len(facts)).tolist()
            clusters = [str(fact) for fact in np.tile(facts, len(scores))]
            if estimate := interval(scores.ravel().astype(bool).tolist(), clusters, self.sheet.error, runs):
                return estimate
        return score_interval(scores, facts, self.sheet.error)

    def pairs(self, base: str) -> list[ArmPair]:
        """Compare all systems with the base, and with each other.

        Those with the base are one family, by task another one, and all others a third.
        """
        first, *others = (
            (system.name, Grades(system.scores)) for system in sorted(self.systems, key=lambda own: own.name != base)
        )
        with_base = [(first, other) for other in others]
        pairs = self.sheet.decided(f"with {base}", with_base)
        if names := self.several_tasks:
            pairs += self.sheet.decided(f"with {base}, by task", with_base, names)
        return pairs + self.sheet.decided(f"between systems other than {base}", list(combinations(others, 2)))
