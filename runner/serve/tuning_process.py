"""Tune a model on a file, in a separate process.

Steps and checkpoints are reported through a pipe. The process ends when the server ends.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from runner.data.records import Prompt
from runner.errors import Fault
from runner.hosts.chat_lines import Example, examples
from runner.local_models import Network
from runner.model.huggingface import HuggingFace
from runner.terminal.progress import followed
from runner.tuner.full import FullTuning
from runner.tuner.lora import Lora

JobTuner: TypeAlias = Lora | FullTuning  # the tuners of fine-tuning jobs: those that train on this machine

# Imported once, by the process from which those of the jobs are forked: else each job would spend seconds on it.
PRELOAD = ["torch", "transformers", "peft", "runner.local_models.training_loop", "runner.serve.tuning_process"]
LAST_EPOCHS = 3  # whose weights are kept as checkpoints, as at OpenAI


@dataclass(frozen=True, kw_only=True)
class TuningTask:
    """The input of a training process.

    The checkpoint of step N goes to folder/step-N.
    """

    model: HuggingFace
    file: Path
    tuner: JobTuner
    seed: int
    folder: Path


@dataclass(frozen=True)
class StepDone:
    """Report: a training step is done."""

    number: int
    total: int
    loss: float


@dataclass(frozen=True)
class CheckpointSaved:
    """Report: the weights after this step are saved."""

    number: int
    loss: float


@dataclass(frozen=True)
class TuningDone:
    """Report: the last step is done."""

    tokens: int


@dataclass(frozen=True)
class TuningFailed:
    """Report: the training failed."""

    reason: str


class _Stopped(Exception):  # noqa: N818 - a wanted end, not an error
    pass


def work(pipe: Connection, task: TuningTask) -> None:
    """Tune a model, and report through the pipe.

    Anything that comes through the pipe, its end included, stops the training at the next step.
    """
    try:
        pipe.send(_tune(pipe, task))
    except (_Stopped, BrokenPipeError, KeyboardInterrupt):
        # No report: the server has stopped the job itself, or is gone. Ctrl-C reaches this process as well as the server.
        return
    except Fault as fault:
        pipe.send(TuningFailed(str(fault)))
    except Exception as error:
        pipe.send(TuningFailed(f"{type(error).__name__}: {error}"))


def read_examples(file: Path) -> list[Example]:
    """Read a training file; raise a Fault if it was deleted meanwhile."""
    try:
        return examples(file.read_bytes())
    except OSError as error:
        # Without the file's path, which is of this machine and would be shown to the client.
        raise Fault(f"the training file can't be read ({error.strerror}). If it was deleted, upload it again") from error


def _tune(pipe: Connection, task: TuningTask) -> TuningDone:
    # Imported here, as it imports torch: the server imports this module too, and needs torch only when it answers.
    from runner.local_models.training_loop import train

    lessons = read_examples(task.file)
    network = task.model.load()
    _check_lengths(network, lessons)
    adapted, epoch = task.tuner.adapt(network, task.seed), math.ceil(len(lessons) / task.tuner.batch)

    # Called by the training loop after each step, in place of a progress bar.
    def report(done: int, total: int, numbers: dict[str, float]) -> None:
        # poll() is also true when the server's end of the pipe is closed.
        if pipe.poll():
            raise _Stopped
        pipe.send(StepDone(done, total, numbers["loss"]))
        if done % epoch == 0 and total - done < LAST_EPOCHS * epoch:
            adapted.save_pretrained(task.folder / f"step-{done}")
            pipe.send(CheckpointSaved(done, numbers["loss"]))

    with followed(report):
        return TuningDone(train(network, lessons, task.tuner, task.seed).tokens)


def _check_lengths(network: Network, lessons: Sequence[tuple[Prompt, str]]) -> None:
    """Raise a Fault if an example exceeds the model's context."""
    context = network.context or math.inf
    for number, example in enumerate(lessons, start=1):
        if (length := sum(map(len, network.encode(*example)))) > context:
            raise Fault(f"example {number} holds {length} tokens, the model reads {context} at most. Shorten it")
