"""A run of the pipeline: each stage is done once and kept, each arm is tracked."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

from runner.config.study import Study
from runner.data.guesses import Guesses
from runner.data.records import write
from runner.model import HostTunable, Model, is_paid
from runner.pipeline.executor import OpenArm, Stage
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.tracking import TrackedArm, tracked_run
from runner.spending.budget import BudgetGuard
from runner.spending.usage import USAGE_FILE, MeteredModel, Usage, usage_in
from runner.store.reply_cache import CachedModel
from runner.tuner import PaidTuner

R = TypeVar("R")


class StoreExecutor:
    """Does the stages of one study and keeps their outputs in its store.

    `parent` is the tracked run of the sweep that this run belongs to.
    """

    def __init__(self, study: Study, parent: str | None = None) -> None:
        """Work for one study."""
        self.study, self.parent = study, parent

    def do(self, stage: Stage[R]) -> Output[R]:
        """Return the kept output of a stage, after making it where it is missing."""

        def make(folder: Path) -> None:
            access = BudgetedAccess(self.study)
            stage.make(folder, access)
            if usage := access.usage:
                write(folder / USAGE_FILE, usage)

        with self.study.store.lock(stage.lock) if stage.lock else nullcontext():
            kept = self.study.store.keep(stage.name, stage.inputs, make)
        return Output(value=stage.read(kept.folder), key=kept.key, seconds=kept.seconds, usage=usage_in(kept.folder))

    @contextmanager
    def arm(self, name: str) -> Iterator[OpenArm]:
        """Open the tracked run of an arm; only one job at a time holds it."""
        with self.study.store.lock(f"arm-{self.study.key(name)}"), tracked_run(self.study, name, self.parent) as run:
            yield TrackedArm(self.study, run)

    @contextmanager
    def reachable(self, student: Output[Checkpoint]) -> Iterator[Output[Checkpoint]]:
        """Open a tuned student as it can be asked; one run at a time has it deployed."""
        tuner = self.study.tuner
        if not isinstance(tuner, PaidTuner):
            yield student
            return
        tuned = cast(HostTunable, student.value.model)  # config.build made sure of it
        with self.study.store.lock(f"deployed-{student.value.key}"), tuner.deployed(tuned, self.study.model) as model:
            yield replace(student, value=replace(student.value, model=model))


class BudgetedAccess:
    """Asks models within the budget, keeps their replies, and adds up the usage."""

    def __init__(self, study: Study) -> None:
        """Ask for one stage of a study."""
        self.study = study
        self._models: list[MeteredModel] = []
        self._paid: list[Usage] = []

    def model(self, role: str, model: Model, guesses: Callable[[], Guesses] | None = None) -> Model:
        """Return a model as it is to be asked."""
        cache: Model = model
        # A student on this machine is not cached reply by reply: its answers are kept as a stage, and cost nothing.
        if role != "answer" or is_paid(model):
            cache = cached(self.study, model)
        metered = MeteredModel(cache, model)
        self._models.append(metered)
        return metered

    def paid(self, usage: Usage) -> None:
        """Note what was paid for in another way than by requests."""
        self._paid.append(usage)

    @property
    def usage(self) -> Sequence[Usage]:
        """Return what was asked and paid so far."""
        return [*(usage for model in self._models for usage in model.usage), *self._paid]


def cached(study: Study, model: Model) -> CachedModel:
    """Return a model whose replies are kept, and that is never asked past the budget."""
    guard = BudgetGuard(study.settings.budget, study.settings.prices)
    return CachedModel(model, study.store.replies, guard.ask)
