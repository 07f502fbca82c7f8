"""Models of torch and transformers that run on this machine.

`loading` reads weights, `network` answers prompts, `generate` is the decoding loop, `training_loop` trains.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from runner.data.records import Prompt


class Network(Protocol):
    """A model in memory, as a tuner needs it."""

    # `Any` in both places: this package is imported where torch is not installed.
    module: Any  # a torch.nn.Module of transformers

    # The type of its matrix products. In training the weights are fp32 all the same, unless they are quantised.
    dtype: Any  # a torch.dtype

    @property
    def context(self) -> int | None:
        """The most tokens that it reads; None without a limit."""

    @property
    def adapter(self) -> Path | None:
        """The folder of an earlier training's adapter, or None."""

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Return the token ids of prompt and reply.

        The prompt's ids end where the reply begins. The reply's ids end with the token that ends a turn.
        """

    def draw(
        self, prompts: Sequence[Prompt], temperature: float, advance: Callable[..., None]
    ) -> list[tuple[tuple[list[int], list[int]], str]]:
        """Draw a reply to each prompt, also in training.

        Returns the token ids of prompt and reply, as `encode` does, and the reply's text. A reply that was cut has no end of a
        turn. `advance` is called with the number of replies that have ended, after each token.
        """


class Loadable(Protocol):
    """A model whose weights are on this machine."""

    def load(self) -> Network:
        """Load the weights for training: fp32, or quantised."""


class RowLoss(Protocol):
    """A loss over rows of a step's batch.

    A row is a prompt with its reply. Rows have the numbers of their place among all rows of their kind.
    """

    def weight(self, row: int) -> float:
        """Return the weight of a row in a step's mean.

        The loss of a mean over tokens returns the tokens of the reply here.
        """

    def mean(self, rows: Sequence[int], logits: Any) -> Any:
        """Return the mean loss of these rows, a torch.Tensor.

        `logits` predict the tokens of their replies: shape (tokens of all replies, vocabulary), one row after the other.
        """


class DrawnRows(Protocol):
    """Rows of each step, drawn from the network in training."""

    def batches(self, advance: Callable[..., None]) -> Iterator[Sequence[Any]]:
        """Yield the rows of each step.

        `advance(0)` shows that the drawing goes on.
        """

    def numbers(self) -> Mapping[str, float]:
        """Return numbers of the step that was done, by name.

        They are shown, and kept with the loss.
        """


# The places of questions and answers to them in, their rewards out; None is an answer without a verdict.
Reward = Callable[[Sequence[int], Sequence[str]], Sequence[float | None]]


@dataclass(frozen=True, kw_only=True)
class Objective:
    """Loss that a training minimises; by default the labels' cross-entropy.

    The parts are added up. `labels` replaces the cross-entropy. `rows` are prompts and replies as token ids, beside the labels,
    of which `count` share the batch of each step; `further` is their loss. `penalty` is a loss of the weights alone. `together`
    labels in a row are one example, such as a chosen and a rejected reply: they share the batch, and `mean` gets them at once.
    `drawn` replaces the rows of the labels.
    """

    labels: RowLoss | None = None
    together: int = 1
    rows: Sequence[tuple[list[int], list[int]]] = ()
    count: int = 0
    further: RowLoss | None = None
    penalty: Callable[[], Any] | None = None
    drawn: DrawnRows | None = None


CROSS_ENTROPY = Objective()


@runtime_checkable
class Rewarded(Protocol):
    """A loss that notes what was learned.

    Of preferences, a reward is that of a preferred reply, or the negative one of a rejected reply: what is learned makes it
    positive. Of drawn answers, it is what they were given.
    """

    rewards: list[float]  # of each example, in the order in which they were trained on


@runtime_checkable
class Adapting(Protocol):
    """A tuner that trains on this machine."""

    def adapt(self, network: Network, seed: int) -> Any:
        """Prepare the network for training.

        Returns the part of it that is trained and saved, with a `save_pretrained` method.
        """
