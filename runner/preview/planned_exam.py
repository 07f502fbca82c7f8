"""The planned arms of an exam in, detectable differences out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from runner.comparison.stopping import share
from runner.config.study import Study
from runner.preview.finished_arms import Supposed, supposed
from runner.statistics import numbered
from runner.statistics.called import FactSizes
from runner.statistics.design import Design

TRAININGS, TIMES = (1, 3, 5), (1, 2, 4, 8)


@dataclass(frozen=True)
class Pairing:
    """A kind of pair, and how many are tested together."""

    name: str
    baseline: bool
    tests: int = 1


@dataclass(frozen=True)
class PlannedExam:
    """An exam that a command's arms will take."""

    study: Study
    tuned: Sequence[str]
    baselines: Sequence[str]
    trainings: int  # of each tuned arm; where the command varies it, the fewest
    looks: Sequence[int] = ()  # with seeds=auto: the numbers of trainings after which arms are compared

    @property
    def error(self) -> float:
        """The error at which pairs are decided.

        With seeds=auto it is that of the last look.
        """
        return self.study.settings.error * share(self.trainings, self.looks)

    @cached_property
    def supposed(self) -> Supposed:
        """Return what is supposed of the arms."""
        return supposed(self.study)

    @cached_property
    def sizes(self) -> FactSizes:
        """Count the facts and their questions."""
        return FactSizes.of(np.bincount(numbered([question.cluster for question in self.study.material.questions])))

    @cached_property
    def pairings(self) -> list[Pairing]:
        """List the kinds of pairs, each alone and corrected."""
        several = len(self.tuned) > 1
        kinds = [("two tuned arms", False, len(self.tuned) * (len(self.tuned) - 1) // 2)] if several else []
        kinds += [("a tuned arm and a baseline", True, len(self.tuned))] if self.baselines or not several else []
        return [Pairing(name, baseline, count) for name, baseline, tests in kinds for count in dict.fromkeys((1, tests))]

    def design(self, pairing: Pairing, trainings: int | None = None, sizes: FactSizes | None = None) -> Design:
        """Plan a pair, by default as the command does."""
        trainings = trainings or self.trainings
        return Design(self.supposed.numbers, sizes or self.sizes, trainings, pairing.baseline, len(self.tuned), pairing.tests)

    def rows(self) -> Iterator[tuple[int, FactSizes, list[float | None]]]:
        """Yield trainings, sizes, and the smallest difference of each pairing."""
        for trainings in sorted({*TRAININGS, self.trainings}):
            for times in TIMES:
                sizes = self.sizes.times(times)
                yield trainings, sizes, [self.seen(pairing, trainings, sizes) for pairing in self.pairings]

    def seen(self, pairing: Pairing, trainings: int | None = None, sizes: FactSizes | None = None) -> float | None:
        """Return the smallest difference that is seen."""
        return self.design(pairing, trainings, sizes).detectable(self.error)
