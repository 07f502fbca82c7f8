"""Train a network on rows of prompt and reply.

The tuners `lora` and `full` share this loop: AdamW, clipped gradients, and a learning rate with a linear warm-up and a
cosine decay (`warmup_then_cosine`). What is minimised is an `Objective`: by default the cross-entropy of the replies.
"""

import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch

from runner.data.records import Prompt, Tuning, digest
from runner.data.unfinished import unfinished
from runner.data.weights import weights_written
from runner.errors import Fault
from runner.local_models import CROSS_ENTROPY, Adapting, Loadable, Network, Objective, Rewarded
from runner.local_models.glibc_memory import freed_memory_kept
from runner.local_models.micro_batches import Encoded, Row, check_lengths, length
from runner.local_models.step_loss import StepLoss
from runner.local_models.training_state import TrainingState
from runner.terminal.progress import Advance, progress


class Schedule(Protocol):
    """The settings of a training: length, batches, learning rate."""

    @property
    def epochs(self) -> int: ...
    @property
    def steps(self) -> int | None: ...  # optimiser steps; where it is set, `epochs` does not count
    @property
    def batch(self) -> int: ...  # examples in a step
    @property
    def rate(self) -> float: ...  # the highest learning rate
    @property
    def warmup(self) -> float: ...  # the share of the steps in which the learning rate rises
    @property
    def clip(self) -> float: ...  # the largest norm of the gradients


@runtime_checkable
class KeepsState(Protocol):
    """A schedule that says how often the state is kept."""

    @property
    def checkpoint(self) -> float | None: ...  # seconds between two times; None keeps none


class LocalTuner(Schedule, Adapting, Protocol):
    """A tuner that trains on this machine, with its settings."""


def tune(
    tuner: LocalTuner,
    model: Loadable,
    examples: Sequence[tuple[Prompt, str]],
    seed: int,
    folder: Path,
    objective: Callable[[Network], Objective] = lambda network: CROSS_ENTROPY,
) -> Tuning:
    """Load a model, train it, and save the result.

    The tuner decides which weights are trained. They are saved as safetensors in `folder`. `objective` makes what is minimised
    from the network that is ready to train.
    """
    network = model.load()
    adapted = tuner.adapt(network, seed)
    tuning = train(network, examples, tuner, seed, objective(network))
    try:
        _save(adapted, folder)
    except OSError:
        # Perhaps the disk is full, and the state of the training, of no use any more, takes three times what the weights do.
        if not ((work := unfinished()) and work.forget()):
            raise
        _save(adapted, folder)
    return tuning


def _save(adapted: Any, folder: Path) -> None:
    with weights_written(folder):
        adapted.save_pretrained(folder)


def train(
    network: Network,
    examples: Sequence[tuple[Prompt, str]],
    schedule: Schedule,
    seed: int,
    objective: Objective = CROSS_ENTROPY,
) -> Tuning:
    """Fit each reply to its prompt, in place.

    The weights stay fp32: with bf16 weights, updates are smaller than the type can hold, and nothing is learned. Raises a
    Fault on a loss that is not finite.
    """
    module, encoded = network.module, [network.encode(prompt, reply) for prompt, reply in examples]
    check_lengths([*encoded, *objective.rows], network.context)
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    steps = schedule.steps or schedule.epochs * math.ceil(len(encoded) / (objective.together * schedule.batch))
    optimiser = torch.optim.AdamW(weights, lr=schedule.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    name = digest([encoded, objective.rows, steps, seed])  # a tuner of one's own may train twice
    state = TrainingState(name, weights, optimiser, _kept_every(schedule, objective))
    before = state.take_up(steps)
    loss, losses, tokens, start = StepLoss(network, encoded, objective), list(before.losses), 0, time.monotonic()
    course: dict[str, tuple[float, ...]] = {}

    def done() -> Tuning:
        seconds = before.seconds + time.monotonic() - start
        return Tuning(losses=tuple(losses), tokens=before.tokens + tokens, seconds=seconds, course=course)

    module.train()
    with freed_memory_kept(), progress("tuning", steps, len(losses)) as advance:
        for batch in islice(_steps(encoded, objective, schedule.batch, seed, advance), len(losses), steps):
            rate = schedule.rate * warmup_then_cosine(len(losses), steps, schedule.warmup)
            losses.append(_backward(loss.parts(batch), f"{len(losses) + 1} of {steps}", schedule))
            _update(optimiser, weights, rate, schedule.clip)
            tokens += sum(map(length, batch))
            numbers = objective.drawn.numbers() if objective.drawn else {}
            course = {name: (*course.get(name, ()), number) for name, number in numbers.items()}
            state.keep(done)
            advance(loss=losses[-1], **numbers, **{"tokens/s": tokens / (time.monotonic() - start)})
    return done()


def _backward(parts: Iterable[tuple[float, Callable[[], None]]], step: str, schedule: Schedule) -> float:
    """Compute the gradients of a step; return its loss."""
    total = 0.0
    for value, backward in parts:
        total += value
        # Checked here, so that no NaN reaches the weights.
        if not math.isfinite(total):
            raise Fault(
                f"the loss is {total} at step {step}: the training has diverged. Lower tuner.rate (now {schedule.rate:g}), "
                f"refine.rate in its place after the first tuning, or tuner.clip (now {schedule.clip:g})"
            )
        backward()
    return total


def _update(optimiser: torch.optim.Optimizer, weights: Sequence[torch.nn.Parameter], rate: float, clip: float) -> None:
    """Change the weights by their gradients, which are used up."""
    torch.nn.utils.clip_grad_norm_(weights, clip)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def _kept_every(schedule: Schedule, objective: Objective) -> float | None:
    """Return the seconds between two states; None keeps none."""
    # What is drawn from the network in training, or noted of its course, is not in the state.
    if objective.drawn or isinstance(objective.labels, Rewarded) or not isinstance(schedule, KeepsState):
        return None
    return schedule.checkpoint


def warmup_then_cosine(step: int, steps: int, warmup: float) -> float:
    """Return the learning rate, as a share of the highest.

    Linear warm-up: the rate rises over the first steps, `warmup` of them as a share. Cosine decay: it then falls to 0.
    """
    warmup_steps = max(1, round(warmup * steps))
    if step < warmup_steps:
        # From 1, not from 0: a first step at rate 0 would be wasted.
        return (step + 1) / warmup_steps
    return 0.5 * (1 + math.cos(math.pi * (step - warmup_steps) / max(1, steps - warmup_steps)))


def _steps(encoded: Sequence[Encoded], objective: Objective, size: int, seed: int, advance: Advance) -> Iterator[list[Row]]:
    """Yield the rows of one step after another."""
    # An order of their own, so that the labels come in the same order with and without further rows.
    further = _further(objective, random.Random(seed))
    numbers = _batches(_longest_rows(encoded, objective.together), size, random.Random(seed))
    labels = (_rows(encoded, chosen, objective.together) for chosen in numbers)
    for rows in objective.drawn.batches(advance) if objective.drawn else labels:
        yield [*rows, *next(further)]


def _longest_rows(encoded: Sequence[Encoded], together: int) -> list[Encoded]:
    """Return the longest row of each example."""
    return [max(encoded[at : at + together], key=length) for at in range(0, len(encoded), together)]


def _rows(encoded: Sequence[Encoded], numbers: Sequence[int], together: int) -> list[Row]:
    """Return the rows of these examples, side by side."""
    places = (place for number in numbers for place in range(number * together, (number + 1) * together))
    return [Row(*encoded[place], place) for place in places]


def _further(objective: Objective, order: random.Random) -> Iterator[list[Row]]:
    """Yield the further rows of each step, without end.

    Each row comes once before any comes again.
    """
    numbers = list(range(len(objective.rows)))
    waiting: list[int] = []
    while True:
        while numbers and len(waiting) < objective.count:
            waiting += order.sample(numbers, len(numbers))
        yield [Row(*objective.rows[number], number, further=True) for number in waiting[: objective.count]]
        waiting = waiting[objective.count :]


def _batches(examples: Sequence[Encoded], size: int, order: random.Random) -> Iterator[list[int]]:
    """Yield the batches of one epoch after another, without end.

    Endless, because `steps` may end within an epoch or go on beyond the last one.
    """
    while True:
        yield from _epoch(examples, size, order)


def _epoch(examples: Sequence[Encoded], size: int, order: random.Random) -> list[list[int]]:
    """Return all examples' numbers once, in batches of similar length."""
    shuffled = order.sample(range(len(examples)), len(examples))
    # A batch is padded to its longest example, so examples of similar length save time. They are sorted in pools of four
    # batches only: sorted all together, the same examples would meet in each epoch.
    pool = size * 4
    pools = [sorted(shuffled[at : at + pool], key=lambda i: length(examples[i])) for at in range(0, len(shuffled), pool)]
    flat = [index for chosen in pools for index in chosen]
    batches = [flat[at : at + size] for at in range(0, len(flat), size)]
    # Else each pool would be trained on from its shortest examples to its longest.
    order.shuffle(batches)
    return batches
