"""Points of a sweep in, their jobs launched, studies out."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.utils import JobReturn
from omegaconf import DictConfig

from runner.config.study import TUNED, Study
from runner.sweep.arm_names import arm_names
from runner.sweep.exams import undecided_points
from runner.sweep.grid import built
from runner.sweep.jobs import ArmJob, SharedJob
from runner.sweep.looks import point_with_trainings
from runner.sweep.noted import NotedSweep
from runner.sweep.plan import SharedWork, shared_work
from runner.sweep.shared_places import SweepRecord

log = logging.getLogger("runner")

Launch = Callable[[Sequence[Sequence[str]], int, Callable[[DictConfig], Any]], Sequence[JobReturn]]


@dataclass(frozen=True)
class PointLauncher:
    """A launcher of the jobs that a sweep's points need."""

    grid: Sequence[Sequence[str]]  # the overrides of each point
    configs: Sequence[DictConfig]
    looks: Sequence[int]  # trainings of an arm at each look; none if their number is fixed
    launch: Launch
    parent: str  # the tracked run of the sweep
    notes: NotedSweep
    record: SweepRecord

    def do(self, studies: Sequence[Study]) -> tuple[list[Study], list[JobReturn]]:
        """Do all arms, and train undecided ones again.

        Returns the studies, each with as many trainings as its arm has in the end.
        """
        self.notes.track(self.parent)
        current, jobs = list(studies), self._first(studies)
        for number, look in enumerate(self.looks[1:], start=2):
            again = undecided_points(current, self.looks)
            if not again:
                break
            for place in again:
                current[place] = built(self.configs[place], self.configs[place].hydra, look)
            log.info("look %d of %d: %d trainings of an arm; runs: %d", number, len(self.looks), look, len(again))
            # Their numbers follow on from those of the shared work, so that no job writes into the folder of another.
            names, first = self._names(current), number * len(self.grid)
            self.notes.plan(first, [f"{self._name(current[place], names)}, look {number}" for place in again])
            job = ArmJob(self.parent, names, self.notes.folder, record=self.record)
            jobs += self.launch([point_with_trainings(self.grid[place], look) for place in again], first, job)
        return current, jobs

    def _first(self, studies: Sequence[Study]) -> list[JobReturn]:
        """Launch the shared work, then the arms."""
        # No job of the two groups needs the output of another one in its group, so none waits for a lock on a machine.
        grid = [point_with_trainings(point, self.looks[0]) for point in self.grid] if self.looks else self.grid
        shared, names = shared_work(studies), self._names(studies)
        log.info("runs: %d, arms: %d", len(studies), len(arm_names(studies)))
        # The arms are in the plan from the beginning, so that all of the sweep can be seen.
        self.notes.plan(0, [self._name(study, names) for study in studies])
        if shared:
            self.notes.plan(len(grid), [self._parts(studies[number], parts) for number, parts in shared.items()], shared=True)
            # Numbered after the arms, so that arm 3 is point 3. Keyed by arm, since a job knows its study and not its number.
            work = {studies[number].key(TUNED): parts for number, parts in shared.items()}
            self.launch(
                [grid[number] for number in shared],
                len(grid),
                SharedJob(work, self.parent, names, self.notes.folder, record=self.record),
            )
        return list(self.launch(grid, 0, ArmJob(self.parent, names, self.notes.folder, record=self.record)))

    def _names(self, studies: Sequence[Study]) -> Mapping[str, str]:
        """Return the names of the sweep's arms, by key."""
        # A training that stands in the table with more baselines has no name here. Its job must find its key all the same.
        named = {key: name.arm for (_, key), name in arm_names(studies, self.looks).items()}
        return dict.fromkeys((study.key(TUNED) for study in studies), "") | named

    @staticmethod
    def _name(study: Study, names: Mapping[str, str]) -> str:
        """Return the name of a study's tuned arm."""
        return names[study.key(TUNED)] or study.title(TUNED)

    @staticmethod
    def _parts(study: Study, work: SharedWork) -> str:
        """Describe a job's part of the shared work."""
        labels = [f"labels of {study.title(TUNED)}"] if work.labels else []
        return ", ".join([*labels, *work.baselines, *(["general questions"] if work.general else [])])
