"""Contracts of tuners: a model and examples in, tuned weights in a folder out."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import Field

from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.model import HostTunable, LocalWeights, Model, Tunable

# Finite, or general pairs would be mixed in without end.
Replay = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@runtime_checkable
class Tuner(Protocol):
    """A way of tuning. A class must have `tune`; the attributes are optional.

    `tunes` is the contract that a model must fulfil for it: `LocalWeights`, `HostTunable`, or a Protocol of one's own.
    `replay` is the number of general pairs that are mixed into training, as a share of the labels.
    """

    tunes: type = LocalWeights
    replay: float = 0.0

    def tune(self, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train a model on examples and write what was trained into an empty folder.

        `model.tuned_in(folder)` must then be the tuned model. Raise a Fault where training fails, for example by a loss
        that is not finite.
        """


@runtime_checkable
class Checked(Protocol):
    """A tuner that can say beforehand whether it can tune a model."""

    def check(self, model: Tunable) -> None:
        """Raise a Fault, before any work, if this model can't be tuned."""


@runtime_checkable
class PaidTuner(Protocol):
    """A tuner whose host is paid for each training."""

    @property
    def hosted(self) -> bool:
        """Return true, since somebody is paid."""

    @property
    def epochs(self) -> int | str:
        """Return the number of epochs, or auto where the host decides."""

    def tokens(self, examples: Sequence[Supervised]) -> tuple[int, int]:
        """Return how many tokens are charged for, about and at most."""

    def begun(self, model: HostTunable, examples: Sequence[Supervised], seed: int) -> bool:
        """Return true if an earlier run began this very job and paid it."""

    def deployed(self, tuned: HostTunable, student: Model) -> AbstractContextManager[Any]:
        """Open the tuned model as it can be asked.

        Where its host must deploy it, that happens at the first request and is undone at the end.
        """
