"""Train a network on pairs of prompt and reply.

The tuners `lora` and `full` share this loop: AdamW, clipped gradients, and a learning rate with a linear warm-up and a
cosine decay (`warmup_then_cosine`).
"""

import math
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import torch
from torch.nn.functional import cross_entropy

from runner.data.records import Prompt, Tuning
from runner.data.weights import weights_written
from runner.errors import Fault
from runner.local_models import Adapting, Loadable, Network
from runner.local_models.glibc_memory import freed_memory_kept
from runner.local_models.micro_batches import Encoded, check_lengths, computed, length, parts
from runner.terminal.progress import progress

IGNORE = -100  # cross_entropy leaves such a target out; transformers uses the same value


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


class LocalTuner(Schedule, Adapting, Protocol):
    """A tuner that trains on this machine, with its settings."""


def tune(tuner: LocalTuner, model: Loadable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
    """Load a model, train it, and save the result.

    The tuner decides which weights are trained. They are saved as safetensors in `folder`.
    """
    network = model.load()
    adapted = tuner.adapt(network, seed)
    tuning = train(network, examples, tuner, seed)
    with weights_written(folder):
        adapted.save_pretrained(folder)
    return tuning


def train(network: Network, examples: Sequence[tuple[Prompt, str]], schedule: Schedule, seed: int) -> Tuning:
    """Fit each reply to its prompt, in place.

    The weights stay fp32: with bf16 weights, updates are smaller than the type can hold, and nothing is learned. Raises a
    Fault on a loss that is not finite.
    """
    module, encoded = network.module, [network.encode(prompt, reply) for prompt, reply in examples]
    check_lengths(encoded, network.context)
    device = next(module.parameters()).device
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    steps = schedule.steps or schedule.epochs * math.ceil(len(encoded) / schedule.batch)
    optimiser = torch.optim.AdamW(weights, lr=schedule.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: warmup_then_cosine(step, steps, schedule.warmup))
    # On a CPU, fused attention takes 1.4 times as long in bf16 (measured with torch 2.13).
    slow_fused = device.type == "cpu" and network.dtype is torch.bfloat16
    losses, tokens, start = list[float](), 0, time.monotonic()
    module.train()
    with freed_memory_kept(), progress("tuning", steps) as advance:
        for batch in islice(_batches(encoded, schedule.batch, random.Random(seed)), steps):
            losses.append(0.0)
            replies = sum(len(reply) for _, reply in batch)
            for part in parts(batch):
                # The mean over all reply tokens of the step, whatever its parts.
                share = sum(len(reply) for _, reply in part) / replies
                with computed(module, part, slow_fused):
                    loss = _loss(module, part, device, network.dtype)
                    losses[-1] += float(loss.detach()) * share
                    # Checked before the step, so that no NaN reaches the weights.
                    _check_finite(losses, steps, schedule)
                    (loss * share).backward()
            torch.nn.utils.clip_grad_norm_(weights, schedule.clip)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            rate.step()
            tokens += sum(map(length, batch))
            advance(loss=losses[-1], **{"tokens/s": tokens / (time.monotonic() - start)})
    return Tuning(losses=tuple(losses), tokens=tokens, seconds=time.monotonic() - start)


def warmup_then_cosine(step: int, steps: int, warmup: float) -> float:
    """Return the learning rate, as a share of the highest.

    Linear warm-up: the rate rises over the first steps, `warmup` of them as a share. Cosine decay: it then falls to 0.
    """
    warmup_steps = max(1, round(warmup * steps))
    if step < warmup_steps:
        # From 1, not from 0: a first step at rate 0 would be wasted.
        return (step + 1) / warmup_steps
    return 0.5 * (1 + math.cos(math.pi * (step - warmup_steps) / max(1, steps - warmup_steps)))


def _check_finite(losses: Sequence[float], steps: int, schedule: Schedule) -> None:
    if not math.isfinite(losses[-1]):
        raise Fault(
            f"the loss is {losses[-1]} at step {len(losses)} of {steps}: the training has diverged. "
            f"Lower tuner.rate (now {schedule.rate:g}) or tuner.clip (now {schedule.clip:g})"
        )


def _batches(examples: Sequence[Encoded], size: int, order: random.Random) -> Iterator[list[Encoded]]:
    """Yield the batches of one epoch after another, without end.

    Endless, because `steps` may end within an epoch or go on beyond the last one.
    """
    while True:
        yield from _epoch(examples, size, order)


def _epoch(examples: Sequence[Encoded], size: int, order: random.Random) -> list[list[Encoded]]:
    """Return all examples once, shuffled, in batches of similar length."""
    shuffled = order.sample(range(len(examples)), len(examples))
    # A batch is padded to its longest example, so examples of similar length save time. They are sorted in pools of four
    # batches only: sorted all together, the same examples would meet in each epoch.
    pool = size * 4
    pools = [sorted(shuffled[at : at + pool], key=lambda i: length(examples[i])) for at in range(0, len(shuffled), pool)]
    flat = [index for chosen in pools for index in chosen]
    batches = [[examples[index] for index in flat[at : at + size]] for at in range(0, len(flat), size)]
    # Else each pool would be trained on from its shortest examples to its longest.
    order.shuffle(batches)
    return batches


def _loss(module: Any, batch: Sequence[Encoded], device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Compute the mean cross-entropy of the batch's reply tokens."""
    width = max(map(length, batch))
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    seen, targets = torch.zeros_like(ids), torch.full_like(ids, IGNORE)
    for row, (prompt, reply) in enumerate(batch):
        end = len(prompt) + len(reply)
        ids[row, :end] = torch.tensor(prompt + reply)
        seen[row, :end] = 1
        # Shifted by one: each position predicts the token after it.
        targets[row, len(prompt) - 1 : end - 1] = torch.tensor(reply)
    ids, seen, targets = ids.to(device), seen.to(device), targets.to(device)
    scored = targets != IGNORE
    # Autocast: fp32 weights are kept, and only the matrix products are computed in bf16.
    autocast = torch.autocast(device.type, dtype=torch.bfloat16, enabled=dtype is torch.bfloat16)
    with autocast, _only(scored, module.get_output_embeddings()):
        logits = module(input_ids=ids, attention_mask=seen, use_cache=False).logits
    # A model over several GPUs gives its logits on the last of them.
    return cross_entropy(logits.float(), targets[scored].to(logits.device))


@contextmanager
def _only(positions: torch.Tensor, head: Any) -> Iterator[None]:
    """Compute logits at these positions only, while this is open.

    The output layer is the widest one, and prompts are longer than replies: training takes 1.2 to 1.4 times as long without
    this. A hook, rather than a call of the layer, keeps what a model does to its logits afterwards (scaling, capping).
    """
    hook = head.register_forward_pre_hook(lambda _, inputs: (inputs[0][positions.to(inputs[0].device)],))
    try:
        yield
    finally:
        hook.remove()
