"""Tune a model on a file, in a separate process.

Steps and checkpoints are reported through a pipe. The process ends when the server ends.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from runner.data.records import Prompt
from runner.data.training import Judged, Preference
from runner.errors import Fault
from runner.hosts.chat_lines import Example, examples
from runner.hosts.preference_lines import preferences
from runner.local_models import CROSS_ENTROPY, Network, Objective
from runner.serve.tuning_methods import TuningTask
from runner.terminal.progress import followed

# Imported once, by the process from which those of the jobs are forked: else each job would spend seconds on it.
PRELOAD = ["torch", "transformers", "peft", "runner.local_models.training_loop", "runner.serve.tuning_process"]
LAST_EPOCHS = 3  # whose weights are kept as checkpoints, as at OpenAI


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
    return examples(_content(file))


def read_pairs(file: Path) -> list[Preference]:
    """Read a preference file, as `read_examples` does."""
    return preferences(_content(file))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        # Without the file's path, which is of this machine and would be shown to the client.
        raise Fault(f"the training file can't be read ({error.strerror}). If it was deleted, upload it again") from error


def _tune(pipe: Connection, task: TuningTask) -> TuningDone:
    # Imported here, as it imports torch: the server imports this module too, and needs torch only when it answers.
    from runner.local_models.training_loop import train

    rows, judged = _rows(task)
    network = task.model.load()
    together = 2 if judged else 1
    _check_lengths(network, rows, together)
    adapted, epoch = task.tuner.adapt(network, task.seed), math.ceil(len(rows) / together / task.tuner.batch)

    def heed(*_: object) -> None:
        # poll() is also true when the server's end of the pipe is closed.
        if pipe.poll():
            raise _Stopped

    # Called by the training loop after each step, in place of a progress bar.
    def report(done: int, total: int, numbers: dict[str, float]) -> None:
        heed()
        pipe.send(StepDone(done, total, numbers["loss"]))
        if done % epoch == 0 and total - done < LAST_EPOCHS * epoch:
            adapted.save_pretrained(task.folder / f"step-{done}")
            pipe.send(CheckpointSaved(done, numbers["loss"]))

    with followed(heed):
        objective = _objective(task, network, judged)
    with followed(report):
        return TuningDone(train(network, rows, task.tuner, task.seed, objective).tokens)


def _rows(task: TuningTask) -> tuple[Sequence[Example], Sequence[Judged]]:
    """Read the rows, and pairs as judged replies."""
    if not task.preferences:
        return read_examples(task.file), ()
    judged = task.preferences.lessons(read_pairs(task.file), ())
    return [(prompt, reply) for prompt, reply, _ in judged], judged


def _objective(task: TuningTask, network: Network, judged: Sequence[Judged]) -> Objective:
    return task.preferences.objective(network, judged) if task.preferences else CROSS_ENTROPY


def _check_lengths(network: Network, rows: Sequence[tuple[Prompt, str]], together: int) -> None:
    """Raise a Fault if an example exceeds the model's context."""
    context = network.context or math.inf
    for place, row in enumerate(rows):
        if (length := sum(map(len, network.encode(*row)))) > context:
            number = place // together + 1
            raise Fault(f"example {number} holds {length} tokens, the model reads {context} at most. Shorten it")
