"""Models of torch and transformers on this machine: loading, generation, training."""

from typing import Any, Protocol

from runner.data.records import Prompt


class Network(Protocol):
    """A loaded model on this machine, as a tuner needs it."""

    module: Any  # a torch.nn.Module of transformers

    dtype: Any  # the torch.dtype of its products; its weights are fp32 for training all the same, unless they are quantised

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Token ids of the prompt, up to where the reply begins, and of the reply with its end of turn."""


class Loadable(Protocol):
    """A model whose weights lie on this machine."""

    def load(self) -> Network:
        """Load its network with fp32 or quantised weights, ready to train."""
