"""Models of torch and transformers that run on this machine.

`loading` reads weights, `network` answers prompts, `generate` is the decoding loop, `training_loop` trains.
"""

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

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Return the token ids of prompt and reply.

        The prompt's ids end where the reply begins. The reply's ids end with the token that ends a turn.
        """


class Loadable(Protocol):
    """A model whose weights are on this machine."""

    def load(self) -> Network:
        """Load the weights for training: fp32, or quantised."""


@runtime_checkable
class Adapting(Protocol):
    """A tuner that trains on this machine."""

    def adapt(self, network: Network, seed: int) -> Any:
        """Prepare the network for training.

        Returns the part of it that is trained and saved, with a `save_pretrained` method.
        """
