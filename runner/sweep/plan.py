"""Studies to their arms, and to the work that several arms share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from runner.component import identity
from runner.config.study import Study
from runner.data.records import digest
from runner.pipeline.executor import Stage
from runner.pipeline.experiment import experiment
from runner.pipeline.labels import labelling_lock
from runner.pipeline.results import Checkpoint, ExamResult, Output, TunedResult

R = TypeVar("R")


@dataclass(frozen=True)
class SharedWork:
    """What one job does for all: baselines by name, the labels, the untuned model's general questions."""

    baselines: tuple[str, ...]
    labels: bool
    general: bool


def arms(studies: Sequence[Study]) -> dict[tuple[str, str], tuple[Study, str]]:
    """List every arm of these studies once, baselines first, by experiment and key.

    Each comes with a study that it belongs to and its name.
    """
    listed: dict[tuple[str, str], tuple[Study, str]] = {}
    for study in studies:
        experiment(study, ArmLister(study, listed))
    return listed


class ArmLister:
    """Takes the pipeline of a study and only lists its arms."""

    def __init__(self, study: Study, listed: dict[tuple[str, str], tuple[Study, str]]) -> None:
        """Add to `listed`."""
        self.study, self.listed = study, listed

    def do(self, stage: Stage[R]) -> Output[R]:
        """Refuse: the arms that this gives are finished, so that no stage is asked for."""
        raise NotImplementedError(stage.name)

    @contextmanager
    def arm(self, name: str) -> Iterator["FinishedArm"]:
        """List an arm."""
        yield FinishedArm()
        # Behind the arms that were opened within it, so that baselines come first.
        self.listed[self.study.corpus.name, self.study.key(name)] = self.study, name

    @contextmanager
    def reachable(self, student: Output[Checkpoint]) -> Iterator[Output[Checkpoint]]:
        """Open nothing."""
        yield student


class FinishedArm:
    """An arm for which nothing is left to do."""

    finished = True

    def report_baseline(self, result: ExamResult) -> None:
        """Ignore the result."""

    def report_tuned(self, result: TunedResult) -> None:
        """Ignore the result."""


def shared_work(studies: Sequence[Study]) -> dict[int, SharedWork]:
    """Divide what several studies need among as few of them as do all of it, by their numbers.

    Each method's labels are made at the largest size: a smaller one is a part of it. No part is given twice, so that jobs side
    by side do not wait for each other.
    """
    given, work = set[str](), dict[int, SharedWork]()

    def new(key: str) -> bool:
        before = len(given)
        given.add(key)
        return len(given) > before

    for number in sorted(range(len(studies)), key=lambda number: -studies[number].size.scale):
        study = studies[number]
        if study.finished():
            continue
        names = [name for name in study.baseline if new(study.key(name)) and not study.finished(name)]
        general = [identity(study.model), study.knowledge, identity(study.grader), study.judged_by, study.settings.instruction]
        parts = SharedWork(tuple(names), new(labelling_lock(study)), new(digest([*general, study.settings.reply_tokens])))
        if parts.baselines or parts.labels or parts.general:
            work[number] = parts
    return work
