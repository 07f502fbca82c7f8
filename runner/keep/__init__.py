"""Contracts of remedies against forgetting: what a training learns beside its labels.

A remedy may add examples, change the loss, or change the weights afterwards. What only some remedies do is a small Protocol
of its own.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from runner.data.training import OwnReply, Supervised
from runner.local_models import Loadable, Network, Objective


@runtime_checkable
class Keep(Protocol):
    """A remedy. A class must have `examples`; the attributes are optional.

    `general` are pairs of general questions and written answers. No question of an exam is among them.
    """

    # The build step sets these values on a class that does not name them.
    remedy: bool = True  # False where nothing is done, as without a remedy
    local: bool = True  # it needs a tuner that trains on this machine
    general: bool = False  # it needs general pairs
    questions: bool = False  # it needs labels with questions, not plain texts
    rows: int = 0  # general prompts that share the batch of each step, for a forecast
    path: str | None = None  # a folder with general pairs; None takes those of the group retention

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return what is trained on; the labels come first.

        `own` are the replies to the prompts of `AsksUntuned`. Of too few general examples all are taken; `NeedsEnough` says so.
        """


@runtime_checkable
class NeedsEnough(Protocol):
    """A remedy that may find too few general examples.

    The first training is refused then. Later ones, such as those of rounds, were paid for, and take what is there.
    """

    def lacking(self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]) -> str:
        """Say what is missing, and what to do; "" if there is enough."""


@runtime_checkable
class AsksUntuned(Protocol):
    """A remedy that asks the untuned model before the training."""

    graded: bool  # the replies are graded, by the grader of the exam

    def asked(self, labels: Sequence[Supervised], general: Sequence[Supervised]) -> Sequence[Supervised]:
        """Return prompts, each with the reply that would be right."""


@runtime_checkable
class Distils(Protocol):
    """A remedy that needs the untuned model's distributions.

    They are computed once, at each token of the replies, and kept.
    """

    top: int  # the most likely tokens that are kept of each distribution; the others are kept as one sum

    def taught(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return prompts and replies as the untuned model reads them."""


@runtime_checkable
class AddsLoss(Protocol):
    """A remedy that changes what the training minimises."""

    def objective(self, network: Network, taught: Sequence[Supervised], distributions: Any) -> Objective:
        """Return the objective for a network before its training.

        `taught` and `distributions` are those of `Distils`; of another remedy they are empty and None.
        """


@runtime_checkable
class ChangesWeights(Protocol):
    """A remedy that changes a tuned model after its training."""

    def change(self, before: Loadable, earlier: Path | None, tuned: Path, folder: Path) -> None:
        """Write the changed weights into an empty folder.

        `before` is the model before the training, and `earlier` the folder of its weights: None for the untuned model. `tuned`
        is the folder of the training; of an adapter it holds the earlier one too. `folder` then has the same form.
        """
