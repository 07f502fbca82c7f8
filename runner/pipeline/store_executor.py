"""Stages of a run in, kept outputs, tracked arms out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

from runner.config.exams import STAGE
from runner.config.study import Study
from runner.data.guesses import Guesses
from runner.data.records import write
from runner.model import HostTunable, Model, is_paid
from runner.pipeline.executor import OpenArm, Stage
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.tracking import TrackedArm, tracked_run
from runner.spending.budget import BudgetGuard
from runner.spending.usage import USAGE_FILE, MeteredModel, Usage, usage_in
from runner.store import Use
from runner.store.local import stage_key
from runner.store.reply_cache import CachedModel
from runner.terminal.activity import current_activity
from runner.terminal.log_names import named
from runner.tracker.known_address import known_address
from runner.tuner import PaidTuner

R = TypeVar("R")


class StoreExecutor:
    """An executor that makes each stage once and keeps it.

    `parent` is the tracked run of the sweep that the study belongs to. `names` are those of the sweep's arms, by key.
    """

    def __init__(self, study: Study, parent: str | None = None, names: Mapping[str, str] | None = None) -> None:
        """Work for one study."""
        self.study, self.parent, self.names = study, parent, names or {}
        # Keys of the arms that are worked on with the stages of each, the innermost last. The first is no arm.
        self._open: list[tuple[str, set[str]]] = [("", set())]

    def do(self, stage: Stage[R]) -> Output[R]:
        """Return the output of a stage, made first if missing."""

        def make(folder: Path) -> None:
            current_activity().begin(stage.name)
            access = BudgetedAccess(self.study)
            stage.make(folder, access)
            # Beside the output, so that a later run that finds it knows what it cost.
            if usage := access.usage:
                write(folder / USAGE_FILE, usage)

        with locked(self.study, stage.locks):
            kept = self.study.store.keep(stage.name, stage.inputs, make, stage.read)
        key, stages = self._open[-1]
        stages.add(f"{stage.name}/{kept.key}")
        if key:  # at once: an arm that is killed here must find its stages again
            self._refer(key, stages)
        return Output(value=stage.read(kept.folder), key=kept.key, seconds=kept.seconds, usage=usage_in(kept.folder))

    @contextmanager
    def arm(self, name: str) -> Iterator[OpenArm]:
        """Open the tracked run of an arm."""
        # Jobs of a sweep share baselines. The lock lets one do the work, and the others find the arm finished.
        key = self.study.key(name)
        shown, lock = named(self.names.get(key) or self.study.title(name)), self.study.store.lock(f"arm-{key}")
        with shown, lock, tracked_run(self.study, name, self.parent) as run:
            exam = {f"{STAGE}/{stage_key(STAGE, self.study.exam_inputs)}"} if self.study.exam.asks else set()
            self._open.append(("" if run.finished else key, exam))
            try:
                yield TrackedArm(self.study, run)
            finally:
                self._open.pop()

    def refer(self, run: str) -> None:
        """Note that a run refers to the stages beside arms."""
        self._refer(run, self._open[0][1])

    def _refer(self, run: str, stages: set[str]) -> None:
        self.study.store.refer(Use(run, known_address(self.study.tracker), frozenset(stages)))

    @contextmanager
    def reachable(self, student: Output[Checkpoint]) -> Iterator[Output[Checkpoint]]:
        """Open a tuned student, deployed if its host needs that."""
        tuner = self.study.tuner
        if not isinstance(tuner, PaidTuner):
            yield student
            return
        tuned = cast(HostTunable, student.value.model)  # by config.build, which checks `tuner.tunes`
        # The lock keeps another run from removing the deployment at its end while this one still asks.
        with self.study.store.lock(f"deployed-{student.value.key}"), tuner.deployed(tuned, self.study.model) as model:
            yield replace(student, value=replace(student.value, model=model))


@contextmanager
def locked(study: Study, keys: Sequence[str]) -> Iterator[None]:
    """Hold several locks of the store."""
    with ExitStack() as locks:
        for key in keys:
            locks.enter_context(study.store.lock(key))
        yield


class BudgetedAccess:
    """Models within a budget, whose replies are kept and counted."""

    def __init__(self, study: Study) -> None:
        """Ask for one stage of a study."""
        self.study = study
        self._models: list[MeteredModel] = []
        self._paid: list[Usage] = []

    def model(self, role: str, model: Model, guesses: Callable[[], Guesses] | None = None) -> Model:
        """Return a model as it is to be asked."""
        # A student on this machine costs nothing and is fast, and its answers are kept as a stage. Keeping each reply too would
        # double the files.
        cache: Model = cached(self.study, model) if role != "answer" or is_paid(model) else model
        self._models.append(MeteredModel(cache, model))
        return self._models[-1]

    def paid(self, usage: Usage) -> None:
        """Count a cost that arose without requests."""
        self._paid.append(usage)

    @property
    def usage(self) -> Sequence[Usage]:
        """Return the usage so far."""
        return [*(usage for model in self._models for usage in model.usage), *self._paid]


def cached(study: Study, model: Model) -> CachedModel:
    """Return a model with the reply cache and the budget."""
    # The cache comes before the budget: a kept reply costs nothing.
    guard = BudgetGuard(study.settings.budget, study.settings.prices)
    return CachedModel(model, study.store.replies, guard.ask, study.store.shared)
