"""A process of its own that tunes a model on a file and tells each step; it ends when the server does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

from runner.errors import Fault
from runner.hosts.chat_lines import Example, examples
from runner.local_models import Network
from runner.model.huggingface import HuggingFace
from runner.terminal.progress import followed
from runner.tuner.full import Full
from runner.tuner.lora import Lora

Tuner: TypeAlias = Lora | Full

PRELOAD = ["torch", "transformers", "peft", "runner.local_models.training_loop", "runner.serve.training"]
LAST = 3  # epochs at whose ends the weights are kept, as at OpenAI


@dataclass(frozen=True, kw_only=True)
class Task:
    """What to tune on which file, how, and where checkpoints go: folder/step-N."""

    model: HuggingFace
    file: Path
    tuner: Tuner
    seed: int
    folder: Path


@dataclass(frozen=True)
class Step:
    """A step of `total` was done."""

    number: int
    total: int
    loss: float


@dataclass(frozen=True)
class Checkpoint:
    """The adapter, or the whole weights, after this step lie in their folder."""

    number: int
    loss: float


@dataclass(frozen=True)
class Done:
    """The last step was done, over so many tokens."""

    tokens: int


@dataclass(frozen=True)
class Failed:
    """Why there is no tuned model."""

    reason: str


class _Stopped(Exception):  # noqa: N818 - somebody wants it so
    pass


def work(pipe: Connection, task: Task) -> None:
    """Tune, and tell through the pipe how it goes; whatever comes through it, its end too, stops the work at the next step."""
    try:
        pipe.send(_tune(pipe, task))
    except (_Stopped, BrokenPipeError, KeyboardInterrupt):  # Ctrl-C reaches this process too; the server says what comes of it
        return
    except Fault as fault:
        pipe.send(Failed(str(fault)))
    except Exception as error:
        pipe.send(Failed(f"{type(error).__name__}: {error}"))


def _tune(pipe: Connection, task: Task) -> Done:
    from runner.local_models.training_loop import train

    taught = examples(task.file.read_bytes())
    network = task.model.load()
    _check(network, taught)
    adapted, epoch = task.tuner.adapt(network, task.seed), math.ceil(len(taught) / task.tuner.batch)

    def follow(done: int, total: int, numbers: dict[str, float]) -> None:
        if pipe.poll():
            raise _Stopped
        pipe.send(Step(done, total, numbers["loss"]))
        if done % epoch == 0 and total - done < LAST * epoch:
            adapted.save_pretrained(task.folder / f"step-{done}")
            pipe.send(Checkpoint(done, numbers["loss"]))

    with followed(follow):
        return Done(train(network, taught, task.tuner, task.seed).tokens)


def _check(network: Network, taught: Sequence[Example]) -> None:
    """Raise a Fault where an example is longer than the model reads."""
    context: Any = getattr(network.module.config, "max_position_embeddings", None) or math.inf
    for number, example in enumerate(taught, start=1):
        if (length := sum(map(len, network.encode(*example)))) > context:
            raise Fault(f"example {number} holds {length} tokens, the model reads {context} at most. Shorten it")
