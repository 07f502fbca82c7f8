"""Contracts between the pipeline and its executors.

The pipeline is written once, in `experiment.py`, as a sequence of stages and arms. An executor decides what is done with
them. `StoreExecutor` does each stage once and tracks each arm. A forecast counts requests and costs. A sweep's plan only lists
the arms.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from runner.data.guesses import Guesses
from runner.model import Model
from runner.pipeline.results import NOT_ASKED, NOTHING, Checkpoint, ExamResult, Output, Retrieval, TunedResult
from runner.spending.usage import Usage

T = TypeVar("T")
R = TypeVar("R")


class ModelAccess(Protocol):
    """The only way in which a stage asks models."""

    # It is what makes budgets, costs, the reply cache and forecasts hold for every stage, also for one's own methods.

    def model(self, role: str, model: Model, guesses: Callable[[], Guesses] | None = None) -> Model:
        """Return a model to ask in place of `model`.

        `role` is label, filter, answer or grade. `guesses` are likely replies, for a forecast.
        """

    def paid(self, usage: Usage) -> None:
        """Count a cost that arose without requests."""


@dataclass(frozen=True, kw_only=True)
class TrainingWork:
    """The size of a training, for a forecast."""

    examples: int
    further: float = 0.0  # rows beside each example, of a remedy against forgetting
    job: Usage | None = None  # the likely cost at a host; None on this machine


@dataclass(frozen=True, kw_only=True)
class Stage(Generic[T]):
    """A step of the pipeline."""

    name: str
    inputs: Sequence[Any]  # all that decides the output, as plain values: their digest is its key
    make: Callable[[Path, ModelAccess], None]  # writes the output into an empty folder
    read: Callable[[Path], T]
    asks: bool = False  # `make` asks models
    locks: Sequence[str] = ()  # sorted keys of locks that it shares with other stages

    # The rest is for a forecast. A stage that asks no model, and has no stand-in, is made in a scratch folder. One that asks is
    # made there too, with guesses for replies; its stand-in is for methods and graders that can't read a guess.
    stand_in: Callable[[], T] | None = None
    after: Sequence[Output[Any]] = ()  # the outputs that the stage follows from
    requests_follow: bool = False  # its requests, not only the replies, depend on guesses
    most: str = ""  # a sentence, where a forecast counts more requests than a run sends
    training: TrainingWork | None = None


class OpenArm(Protocol):
    """An arm while it is worked on."""

    finished: bool  # nothing is left to do for it

    def report_baseline(self, result: ExamResult, found: Retrieval = NOTHING, withdrawn: ExamResult = NOT_ASKED) -> None:
        """Measure and track a baseline.

        `found` is what it read, `withdrawn` what it says of withdrawn facts.
        """

    def report_tuned(self, result: TunedResult) -> None:
        """Measure and track a tuned arm."""


class Executor(Protocol):
    """A way through the stages and arms of a study."""

    def do(self, stage: Stage[R]) -> Output[R]:
        """Return the output of a stage, kept, made or guessed."""

    def arm(self, name: str) -> AbstractContextManager[OpenArm]:
        """Open an arm by its name: `tuned`, or a baseline's."""

    def reachable(self, student: Output[Checkpoint]) -> AbstractContextManager[Output[Checkpoint]]:
        """Open a tuned student, deployed if its host needs that."""
