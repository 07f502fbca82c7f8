"""Contracts of tuners: a model and examples in, tuned weights out."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import Field

from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.local_models import Network, Objective
from runner.model import HostTunable, LocalWeights, Model, Tunable

MakeObjective = Callable[[Network], Objective]
Finite = Annotated[float, Field(gt=0, allow_inf_nan=False)]  # a learning rate, or a norm


@runtime_checkable
class Tuner(Protocol):
    """A way of tuning. A class must have `tune`; the attributes are optional."""

    tunes: type = LocalWeights  # the contract that a model must fulfil: also HostTunable, or a Protocol of one's own

    def tune(self, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train a model and write weights into an empty folder.

        `model.tuned_in(folder)` must then be the tuned model. Raise a Fault if training fails, for example by a loss that
        is not finite.
        """


@runtime_checkable
class TunesForObjective(Protocol):
    """A tuner on this machine that takes another objective."""

    batch: int  # examples in a step

    def tune_for(
        self, objective: MakeObjective, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Train as `tune` does, for another objective.

        `objective` makes it from the network that is ready to train.
        """


@runtime_checkable
class Checked(Protocol):
    """A tuner that checks a model before any work."""

    # Apart from `Tuner`, since most tuners can't fail before they are used.
    def check(self, model: Tunable) -> None:
        """Raise a Fault if this model can't be tuned."""


@runtime_checkable
class PaidTuner(Protocol):
    """A tuner whose host is paid for each training."""

    epochs: int | str  # auto leaves it to the host, which no budget can limit

    def tokens(self, examples: Sequence[Supervised]) -> tuple[int, int]:
        """Estimate the tokens charged for: about, and at most."""

    def begun(self, model: HostTunable, examples: Sequence[Supervised], seed: int) -> bool:
        """Return true if an earlier run paid for this job."""

    def deployed(self, tuned: HostTunable, student: Model) -> AbstractContextManager[Any]:
        """Open the tuned model, so that it can be asked.

        Some hosts must deploy it first. That happens at the first request, and is undone at the end.
        """


class PreferenceTuner(Checked, PaidTuner, Tuner, Protocol):
    """A host's tuner of pairs.

    Examples are rows: each preferred reply is followed by the rejected one. The model is a tuned one, but that of `check` is the
    student, since nothing is tuned yet.
    """


@runtime_checkable
class TunesPreferences(Protocol):
    """A tuner whose host also trains on preferences."""

    def preferring(self, hyperparameters: Mapping[str, float]) -> PreferenceTuner:
        """Return the tuner of jobs that do so.

        The names of the hyper-parameters are those of OpenAI's API: n_epochs, batch_size and beta.
        """
