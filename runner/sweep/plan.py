"""Studies in, their arms and their shared work out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from runner.component import identity
from runner.config.study import TUNED, Study
from runner.data.records import digest
from runner.pipeline.executor import Stage
from runner.pipeline.experiment import experiment
from runner.pipeline.labels import labelling_locks
from runner.pipeline.results import NOT_ASKED, NOTHING, Checkpoint, ExamResult, Output, Retrieval, TunedResult

R = TypeVar("R")


@dataclass(frozen=True)
class SharedWork:
    """A job's part of the work that runs share."""

    baselines: tuple[str, ...]  # by name
    labels: bool
    general: bool  # the general questions, answered by the untuned model


def arms(studies: Sequence[Study]) -> dict[tuple[str, str], tuple[Study, str]]:
    """List the arms of these studies, by experiment and key.

    Each comes with a study that it belongs to and its name. Baselines come first. Arms of one training that differ only in
    their baselines are one arm; the one with the most baselines is listed.
    """
    # Through the pipeline itself, so that an arm that is added there is planned, compared and reported too.
    listed: dict[tuple[str, str], tuple[Study, str]] = {}
    for study in studies:
        experiment(study, ArmLister(study, listed))
    single: dict[tuple[str, str], tuple[str, Study, str]] = {}
    for (corpus, key), (study, name) in sorted(listed.items(), key=lambda item: item[1][1] == TUNED):
        twin = corpus, study.answers_key(name)
        if twin not in single or len(study.baseline) > len(single[twin][1].baseline):
            single[twin] = key, study, name
    return {(corpus, key): (study, name) for (corpus, _), (key, study, name) in single.items()}


class ArmLister:
    """An executor that only lists the arms of a study."""

    def __init__(self, study: Study, listed: dict[tuple[str, str], tuple[Study, str]]) -> None:
        """Add to `listed`."""
        self.study, self.listed = study, listed

    def do(self, stage: Stage[R]) -> Output[R]:
        """Refuse to do a stage."""
        # Never called: the arms that this executor opens are finished, so the pipeline needs no stage.
        raise NotImplementedError(stage.name)

    @contextmanager
    def arm(self, name: str) -> Iterator["FinishedArm"]:
        """List an arm."""
        yield FinishedArm()
        # After the arms that were opened within it, so that baselines come first.
        self.listed[self.study.corpus.name, self.study.key(name)] = self.study, name

    @contextmanager
    def reachable(self, student: Output[Checkpoint]) -> Iterator[Output[Checkpoint]]:
        """Open a student without deploying it."""
        yield student


class FinishedArm:
    """An arm for which nothing is left to do."""

    finished = True

    def report_baseline(self, result: ExamResult, found: Retrieval = NOTHING, withdrawn: ExamResult = NOT_ASKED) -> None:
        """Ignore the result."""

    def report_tuned(self, result: TunedResult) -> None:
        """Ignore the result."""


def shared_work(studies: Sequence[Study]) -> dict[int, SharedWork]:
    """Divide shared work into jobs, by study number.

    No part is given to two jobs, so that jobs side by side do not wait for each other.
    """
    given, work = set[str](), dict[int, SharedWork]()

    def new(key: str) -> bool:
        before = len(given)
        given.add(key)
        return len(given) > before

    # The largest size first: its labels contain those of the smaller ones.
    for number in sorted(range(len(studies)), key=lambda number: -studies[number].size.scale):
        study = studies[number]
        if study.finished():
            continue
        names = [name for name in study.baseline if new(study.key(name)) and not study.finished(name)]
        # All that decides the answers to general questions and their grades.
        general = [identity(study.model), study.knowledge, identity(study.grader), study.judged_by, study.settings.instruction]
        # A sum and not any(), which would stop at the first one.
        labels = sum(new(key) for key in labelling_locks(study)) > 0
        parts = SharedWork(tuple(names), labels, new(digest([*general, study.settings.reply_tokens])))
        if parts.baselines or parts.labels or parts.general:
            work[number] = parts
    return work
