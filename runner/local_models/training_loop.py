"""The training loop that lora and full share: examples in, weights changed in place, losses out."""

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
from runner.errors import Fault
from runner.local_models import Loadable, Network
from runner.local_models.glibc_memory import freed_memory_kept
from runner.terminal.progress import progress

IGNORE = -100


class Schedule(Protocol):
    """How long and how hard to train: `steps`, or else `epochs`; over the share `warmup` the rate rises, then it falls to 0."""

    @property
    def epochs(self) -> int: ...
    @property
    def steps(self) -> int | None: ...
    @property
    def batch(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def warmup(self) -> float: ...
    @property
    def clip(self) -> float: ...


class Adapting(Schedule, Protocol):
    """A tuner that trains on this machine."""

    def adapt(self, network: Network, seed: int) -> Any:
        """What of the network is trained and saved."""


def tune(tuner: Adapting, model: Loadable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
    """Load a model, train what `tuner` adapts of it, and save that, as safetensors, in `folder`."""
    network = model.load()
    adapted = tuner.adapt(network, seed)
    tuning = train(network, examples, tuner, seed)
    adapted.save_pretrained(folder)
    return tuning


def train(network: Network, examples: Sequence[tuple[Prompt, str]], schedule: Schedule, seed: int) -> Tuning:
    """Fit each reply given its prompt, in place; a Fault on a loss that is not finite.

    fp32 weights, under autocast where the network computes in bf16; AdamW; logits of reply positions only, all that is needed.
    """
    module, encoded = network.module, [network.encode(prompt, reply) for prompt, reply in examples]
    device = next(module.parameters()).device
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=schedule.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    steps = schedule.steps or schedule.epochs * math.ceil(len(encoded) / schedule.batch)
    rates = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, schedule.warmup))
    if device.type == "cpu" and network.dtype is torch.bfloat16:  # fused attention takes 1.4 times as long there (torch 2.13)
        module.set_attn_implementation("eager")
    order, losses, tokens, began = random.Random(seed), list[float](), 0, time.monotonic()
    module.train()
    with freed_memory_kept(), progress("tuning", steps) as advance:
        for batch in islice(_batches(encoded, schedule.batch, order), steps):
            loss = _loss(module, batch, device, network.dtype)
            if not math.isfinite(value := float(loss.detach())):
                raise Fault(
                    f"the loss is {value} at step {len(losses) + 1} of {steps}: the training came apart. "
                    f"Lower tuner.rate (now {schedule.rate:g}) or tuner.clip (now {schedule.clip:g})"
                )
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, schedule.clip)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            rates.step()
            losses.append(value)
            tokens += sum(len(prompt) + len(reply) for prompt, reply in batch)
            advance(loss=value, **{"tokens/s": tokens / (time.monotonic() - began)})
    return Tuning(losses=tuple(losses), tokens=tokens, seconds=time.monotonic() - began)


def _rate(step: int, steps: int, warmup: float) -> float:
    """A linear warm-up, then half a cosine down to nothing, as a share of the full rate."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def _batches(
    examples: Sequence[tuple[list[int], list[int]]], size: int, order: random.Random
) -> Iterator[list[tuple[list[int], list[int]]]]:
    """Epoch after epoch without end, each in a new order: batches of examples of like length, so that little is padding."""
    while True:
        yield from _epoch(examples, size, order)


def _epoch(
    examples: Sequence[tuple[list[int], list[int]]], size: int, order: random.Random
) -> list[list[tuple[list[int], list[int]]]]:
    shuffled = order.sample(range(len(examples)), len(examples))
    pool = size * 4
    pools = [sorted(shuffled[at : at + pool], key=lambda i: sum(map(len, examples[i]))) for at in range(0, len(shuffled), pool)]
    flat = [index for chosen in pools for index in chosen]
    batches = [[examples[index] for index in flat[at : at + size]] for at in range(0, len(flat), size)]
    order.shuffle(batches)
    return batches


def _loss(module: Any, batch: Sequence[tuple[list[int], list[int]]], device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Mean cross-entropy of the reply tokens of a batch."""
    width = max(len(prompt) + len(reply) for prompt, reply in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    seen, targets = torch.zeros_like(ids), torch.full_like(ids, IGNORE)
    for row, (prompt, reply) in enumerate(batch):
        length = len(prompt) + len(reply)
        ids[row, :length] = torch.tensor(prompt + reply)
        seen[row, :length] = 1
        targets[row, len(prompt) - 1 : length - 1] = torch.tensor(reply)  # what comes after each position
    ids, seen, targets = ids.to(device), seen.to(device), targets.to(device)
    scored = targets != IGNORE
    typed = torch.autocast(device.type, dtype=torch.bfloat16, enabled=dtype is torch.bfloat16)
    with typed, _only(scored, module.get_output_embeddings()):
        logits = module(input_ids=ids, attention_mask=seen, use_cache=False).logits
    return cross_entropy(logits.float(), targets[scored].to(logits.device))


@contextmanager
def _only(positions: torch.Tensor, head: Any) -> Iterator[None]:
    """Let the head see these positions alone; models that scale or cap its logits afterwards do so still."""
    hook = head.register_forward_pre_hook(lambda _, given: (given[0][positions.to(given[0].device)],))
    try:
        yield
    finally:
        hook.remove()
