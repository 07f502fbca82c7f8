"""Contracts of models: prompts in, replies out.

The student, the teacher and the judge are all models. Every model is a `Model`. What only some models can do is a small
Protocol of its own. Callers ask `isinstance(model, LocalWeights)` or `is_paid(model)`, and never probe for an attribute by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from runner.data.records import Prompt, Reply
from runner.local_models import Network

if TYPE_CHECKING:
    from openai import OpenAI as Client


@runtime_checkable
class Model(Protocol):
    """Any model that can answer prompts."""

    @property
    def name(self) -> str:
        """Name of the model, for parameters and tables."""

    def check(self) -> None:
        """Raise a Fault if this model cannot answer.

        It is called before any work. Reasons are a missing key, missing weights or a missing package.
        """

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield each prompt's index in `prompts` with its reply.

        Replies come in the order in which they arrive, which may differ from the order of the prompts.
        """


@runtime_checkable
class Paid(Protocol):
    """A model, or a tuner, whose use costs money."""

    @property
    def hosted(self) -> bool:
        """Return true if a host charges for its work."""


@runtime_checkable
class Batched(Protocol):
    """A model that can use its host's Batch API."""

    @property
    def batch(self) -> bool:
        """Return true if next requests use the Batch API."""


@runtime_checkable
class Replaying(Protocol):
    """A model that replays a recording, without cost or waiting."""

    @property
    def replays(self) -> bool:
        """Return true if replies are read from a recording."""


@runtime_checkable
class Several(Protocol):
    """A model that consists of several models."""

    @property
    def members(self) -> Mapping[str, Model]:
        """Models by their names, in the order of their turns."""

    def member(self, prompt: Prompt) -> Model:
        """Return the member that answers this prompt."""


@runtime_checkable
class ScoresText(Protocol):
    """A model that knows how likely a given text is."""

    def perplexity(self, text: str) -> float:
        """Return the perplexity of plain text, without a chat template.

        It is exp of the mean negative log-likelihood of a token. Raise a Fault if the text is empty.
        """


@runtime_checkable
class Drawing(Protocol):
    """A model that can draw its replies at random."""

    def draw(self, prompts: Sequence[Prompt], temperature: float, seed: int) -> Iterator[tuple[int, Reply]]:
        """Yield each prompt's index with a reply, as `ask` does.

        Tokens are drawn from the model's distribution at this temperature.
        """


@runtime_checkable
class DrawsAtHost(Protocol):
    """A model whose host can draw its replies at random."""

    def at_temperature(self, temperature: float, seed: int) -> Model:
        """Return this model, whose replies are drawn."""


@runtime_checkable
class LocalWeights(Protocol):
    """A model whose weights lie on this machine."""

    # Only methods, because `isinstance` reads every property of a Protocol in Python 3.11. `quantised` would then read a
    # configuration file, perhaps from the hub, and could raise a Fault where a caller only asks for the kind of model.

    def load(self) -> Network:
        """Load the network, in fp32 or quantised, ready to train."""

    def save(self, folder: Path) -> None:
        """Write tokenizer and plain fp32 weights into `folder`.

        Trained adapters are merged into the weights, so that other programs load the result as any model.
        """


@runtime_checkable
class Limited(Protocol):
    """A model with a limited context."""

    # Only methods, as in LocalWeights.

    def context(self) -> int | None:
        """Return the most tokens that it reads; None without a limit."""

    def too_long(self, chats: Sequence[tuple[Prompt, str | None]]) -> Mapping[int, int]:
        """Return places and tokens of chats beyond the context.

        A chat is a prompt and its reply. Where the reply is None, it is as long as the prompt allows. Nothing is fetched: of
        a model that is not on this machine yet, no chat is too long.
        """


@runtime_checkable
class Tunable(Model, Protocol):
    """A model that a tuner can tune."""

    def tuned_in(self, folder: Path) -> "Tunable":
        """Return this model as tuned by what `folder` holds."""


@runtime_checkable
class HostTunable(Tunable, Protocol):
    """A model that its host tunes."""

    def client(self) -> "Client":
        """Return an open openai client with address and key."""

    def called(self, name: str) -> "HostTunable":
        """Return the model of this name at the same host.

        It is asked with the same settings.
        """


@runtime_checkable
class Trainable(Tunable, LocalWeights, ScoresText, Protocol):
    """A model whose weights can be trained on this machine.

    To recognise such a model at run time use `LocalWeights`, which reads no file.
    """

    @property
    def quantised(self) -> bool:
        """Return true if its weights are quantised.

        Then adapters beside the weights can be trained, the weights themselves cannot.
        """

    def tuned_in(self, folder: Path) -> "Trainable":
        """Return this model with the tuned weights in `folder`.

        They may be an adapter.
        """


def is_paid(model: object) -> bool:
    """Return true if a model's replies cost money."""
    return isinstance(model, Paid) and model.hosted


def uses_batches(model: object) -> bool:
    """Return true if next replies cost the batch price."""
    # Both are asked: only a host has a lower price for batches, and a user's own local model may name another setting `batch`.
    return is_paid(model) and isinstance(model, Batched) and bool(model.batch)


def answering_member(model: Model, prompt: Prompt) -> Model:
    """Return the member that answers a prompt, or the model."""
    return answering_member(model.member(prompt), prompt) if isinstance(model, Several) else model


def members(model: Model) -> list[Model]:
    """List the models that a model consists of, or itself."""
    if not isinstance(model, Several):
        return [model]
    return [single for member in model.members.values() for single in members(member)]
