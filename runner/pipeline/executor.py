"""The contract between the pipeline and what goes through it: a run, a forecast or a plan.

The pipeline is written once, in `experiment.py`, as a sequence of stages and arms. An executor decides what becomes of them:
`StoreExecutor` does each stage once and tracks each arm; a forecast counts what would be asked and paid; a sweep's plan only
lists the arms.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from runner.data.guesses import Guesses
from runner.model import Model
from runner.pipeline.results import Checkpoint, ExamResult, Taught
from runner.spending.usage import Usage

T = TypeVar("T")
V = TypeVar("V", covariant=True)
R = TypeVar("R")


class Asking(Protocol):
    """What a stage asks models through while it is made."""

    def model(self, role: str, model: Model, guesses: Callable[[], Guesses] | None = None) -> Model:
        """Return a model as it is to be asked.

        `role` is label, answer or grade. `guesses` are likely replies, for a forecast.
        """

    def paid(self, usage: Usage) -> None:
        """Note what was paid for in another way than by requests."""


@dataclass(frozen=True, kw_only=True)
class Done(Generic[V]):
    """The output of a stage, with the key under which it is kept.

    `guess` is empty, but in a forecast where the output follows from replies that nobody gave yet. Then it names the stage
    that was guessed.
    """

    value: V
    key: str = ""
    seconds: float = 0.0
    usage: Sequence[Usage] = ()
    guess: str = ""


@dataclass(frozen=True, kw_only=True)
class TrainingWork:
    """What a stage trains: a number of examples, and the job that a host is paid for.

    `job` tells about what it will cost, and is None where the model is trained on this machine.
    """

    examples: int
    job: Usage | None = None


@dataclass(frozen=True, kw_only=True)
class Stage(Generic[T]):
    """One step of the pipeline: what goes in, how its output is made, and what a forecast takes for it.

    `inputs` are all that decides the output, as plain values: their digest is its key. `make` writes the output into an empty
    folder, and asks models only through what it is given; `asks` tells that it does. `read` reads the output back. `lock` is
    the key of a lock that the stage shares with others.

    The rest is for a forecast. `stand_in` makes what it takes in place of an output that is not there; without one the stage
    is made in a scratch folder, and models reply with guesses. `unreadable` makes what it takes where the code of a method
    or grader can't read a guess. `after` are the outputs that the stage follows from. `requests_follow` tells that its
    requests, and not only the replies, depend on those or on earlier replies. `training` is the work of a training.
    """

    name: str
    inputs: Sequence[Any]
    make: Callable[[Path, Asking], None]
    read: Callable[[Path], T]
    asks: bool = False
    lock: str = ""
    stand_in: Callable[[], T] | None = None
    unreadable: Callable[[], T] | None = None
    after: Sequence[Done[Any]] = ()
    requests_follow: bool = False
    training: TrainingWork | None = None


class OpenArm(Protocol):
    """An arm while it is worked on."""

    @property
    def finished(self) -> bool:
        """Return true if nothing is left to do for it."""

    def report_baseline(self, result: ExamResult) -> None:
        """Measure and track a baseline."""

    def report_tuned(self, taught: Taught) -> None:
        """Measure and track a tuned arm."""


class Executor(Protocol):
    """What becomes of the stages and arms of one study."""

    def do(self, stage: Stage[R]) -> Done[R]:
        """Return the output of a stage, kept, made or guessed."""

    def arm(self, name: str) -> AbstractContextManager[OpenArm]:
        """Open an arm by its name: `tuned`, or that of a baseline."""

    def reachable(self, student: Done[Checkpoint]) -> AbstractContextManager[Done[Checkpoint]]:
        """Open a tuned student as it can be asked, deployed where its host wants that."""
