"""A model takes prompts and gives replies: the student, the teacher and the judge are all models."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from runner.data.records import Prompt, Reply
from runner.local_models import Network


class Model(Protocol):
    """Any model that can be asked."""

    @property
    def name(self) -> str:
        """What people call it, for parameters and tables."""

    def check(self) -> None:
        """Raise a Fault, before any work, where this model could not answer (no key, no weights, no package)."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield each prompt's place in `prompts` with its reply, in the order in which replies arrive."""


class Tunable(Model, Protocol):
    """A model that some tuner can tune."""

    def tuned_in(self, folder: Path) -> "Tunable":
        """The same model as a tuner left it in `folder`."""


class Hosted(Tunable, Protocol):
    """A model that its host tunes."""

    def client(self) -> Any:
        """A client of openai's, with address and key, open until it is closed."""

    def called(self, name: str) -> "Hosted":
        """The model of this name at the same host, asked in the same way."""


class Trainable(Tunable, Protocol):
    """A model whose weights lie on this machine."""

    @property
    def quantised(self) -> bool:
        """Whether its weights are; then adapters beside them can be trained, they themselves can't."""

    def load(self) -> Network:
        """Its network with fp32 or quantised weights, ready to train."""

    def save(self, folder: Path) -> None:
        """Write tokenizer and plain fp32 weights, with all that was tuned merged, as others load them too."""

    def perplexity(self, text: str) -> float:
        """exp of the mean negative log-likelihood of a token of plain text, without a chat template; a Fault if empty."""

    def tuned_in(self, folder: Path) -> "Trainable":
        """The same model with the weights (or the adapter) that a tuner wrote into `folder`."""
