"""An undecided pair in, the exam that it needs out.

It is planned as power=true plans an exam, so that both say the same of the same arms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from runner.comparison import ArmPair, Comparison
from runner.comparison.words import counted, margin, number, percent, rate, rounded
from runner.statistics import numbered
from runner.statistics.called import FactSizes
from runner.statistics.design import MOST_TRAININGS, Design


@dataclass(frozen=True)
class LargerExam:
    """The exam that would show a difference of the margin."""

    comparison: Comparison
    pair: ArmPair
    design: Design

    @classmethod
    def of(cls, comparison: Comparison, pair: ArmPair) -> "LargerExam":
        """Plan the exam for a pair with a tuned arm."""
        arms = [comparison.arm(name) for name in (pair.first, pair.second)]
        design = Design(
            comparison.supposed,
            FactSizes.of(np.bincount(numbered([item.fact for item in comparison.items]))),
            min(len(arm.seeds) or 1 for arm in arms if arm.tuned),
            baseline=not all(arm.tuned for arm in arms),
            arms=sum(arm.tuned and arm.accuracy is not None for arm in comparison.arms),
            # Holm's method tested the pair as the first of so many.
            tests=round(comparison.error / pair.difference.error),
        )
        return cls(comparison, pair, design)

    @cached_property
    def facts(self) -> int | None:
        """Number of facts that are needed; None if none is enough."""
        return self._facts(self.design)

    def sentence(self) -> str:
        """Say what shows the margin."""
        design, comparison = self.design, self.comparison
        shown = f"{margin(comparison.margin)} between {self.pair.first} and {self.pair.second}"
        trainings = counted(design.trainings, "training")
        if not design.allows(comparison.margin):
            return (
                f"To decide more, set a smaller margin: at an average accuracy of {percent(design.supposed.accuracy)}, two arms "
                f"differ by at most {100 * design.supposed.largest:.1f} points, and no exam shows {shown}."
            )
        if self.facts is not None:
            # One line of a terminal, which shows a recommendation of at most twelve.
            names = f"{self.pair.first} from {self.pair.second}"
            return f"To tell {names} by {margin(comparison.margin)}, ask about {self._planned(self.facts)}."
        sentence = f"With {trainings}, no number of questions is enough to show {shown}: trainings differ too much."
        if more := self._more_trainings():
            seeds = f"most_seeds={more.trainings}" if comparison.looks else f"seeds={more.trainings}"
            facts = self._planned(self._facts(more) or 0)
            return f"To decide more, train more often and ask about {facts}, with {seeds}. {sentence}"
        return f"To decide more, more trainings are needed. {sentence}"

    def basis(self) -> str:
        """Say how the exam is planned."""
        sizes = self.design.sizes
        level = (
            f"{counted(self.design.trainings, 'training')}, an error of {rate(self.pair.difference.error)}, four of five cases"
        )
        now = f"this exam has {number(sizes.facts)} facts ({number(sizes.questions)} questions)"
        return f"planned as by power=true, from the arms of this report, for {level}; {now}"

    def _facts(self, design: Design) -> int | None:
        return design.facts_needed(self.comparison.margin, self.comparison.error)

    def _more_trainings(self) -> Design | None:
        """Double the trainings until some number of facts is enough."""
        counts = [self.design.trainings * 2**times for times in range(1, 6)]
        designs = (replace(self.design, trainings=count) for count in counts if count <= MOST_TRAININGS)
        return next((design for design in designs if self._facts(design) is not None), None)

    def _planned(self, facts: int) -> str:
        """Write a forecast size, with two digits."""
        return f"{rounded(facts)} facts ({rounded(facts * self.design.sizes.mean)} questions)"


def hardest(exams: Sequence[LargerExam]) -> LargerExam:
    """Choose the exam that needs most facts."""
    return max(exams, key=lambda exam: float("inf") if exam.facts is None else exam.facts)
