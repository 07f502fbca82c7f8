"""Keep the state of a training, for a killed one.

The state is one file of safetensors: the trained weights, the two moments of AdamW, the state of the random generators, and what
was measured so far. With the same examples, settings and seed, what follows is bit for bit what would have followed on the same
machine and device, as far as its operations are deterministic.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from runner.data.records import Tuning
from runner.data.unfinished import unfinished

log = logging.getLogger("runner")

MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # AdamW's names


class TrainingState:
    """The kept state of one training."""

    def __init__(
        self, name: str, weights: Sequence[torch.nn.Parameter], optimiser: torch.optim.Optimizer, every: float | None
    ) -> None:
        """Prepare to keep the state; only within a stage of a store.

        `name` tells trainings of one stage apart. `every` is in seconds; None keeps nothing.
        """
        self._work = unfinished() if every is not None else None
        self._file = self._work.folder / f"{name}.safetensors" if self._work else None
        self._weights, self._optimiser, self._every = weights, optimiser, every or 0.0
        self._kept = time.monotonic()

    def take_up(self, steps: int) -> Tuning:
        """Set weights and optimiser to the kept state.

        Return what was measured up to it: nothing, if none is kept that fits. `steps` are those of the whole training.
        """
        nothing = Tuning(losses=(), tokens=0, seconds=0.0)
        if not self._work or not self._file or not self._file.exists():
            return nothing
        try:
            with safe_open(self._file, "pt") as read:
                numbers = json.loads(read.metadata()["done"])
                done = Tuning(losses=tuple(numbers["losses"]), tokens=numbers["tokens"], seconds=numbers["seconds"])
                self._set({name: read.get_tensor(name) for name in read.keys()})  # noqa: SIM118 -- it is no mapping
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            log.warning("the state of an interrupted training can't be used (%s), so it begins anew: %s", error, self._file)
            return nothing
        log.info("tuning: goes on after step %d of %d, where it was interrupted", len(done.losses), steps)
        self._work.seconds += done.seconds
        return done

    def keep(self, done: Callable[[], Tuning]) -> None:
        """Keep the state, if the last time is long ago.

        `done` returns what was measured so far.
        """
        if not self._file or time.monotonic() - self._kept < self._every:
            return
        draft = self._file.with_name(f".{self._file.name}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            measured = done()
            numbers = {"losses": measured.losses, "tokens": measured.tokens, "seconds": measured.seconds}
            save_file(self._tensors(), draft, {"done": json.dumps(numbers)})
            draft.replace(self._file)
        # A full disk, or too little memory for a copy of what lies on a GPU, is no reason to end a training.
        except (SafetensorError, OSError, MemoryError, RuntimeError) as error:
            log.warning("the state of the training can't be kept (%s); if it is killed, it begins anew: %s", error, self._file)
            with suppress(OSError):
                draft.unlink()
            self._file = None
        self._kept = time.monotonic()

    def _tensors(self) -> dict[str, torch.Tensor]:
        kept = {f"random.{device}": state for device, state in self._random_states().items()}
        for number, weight in enumerate(self._weights):
            moments = self._optimiser.state[weight]  # none of a weight that no loss has reached
            kept |= {f"weight.{number}": weight.detach(), **{f"{name}.{number}": moments[name] for name in moments}}
        return {name: tensor.contiguous() for name, tensor in kept.items()}

    def _set(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Set all that was kept.

        Raise an error, with nothing changed, if it does not fit.
        """
        kept = [tensors[f"weight.{number}"] for number in range(len(self._weights))]
        if [weight.shape for weight in self._weights] != [tensor.shape for tensor in kept] or f"weight.{len(kept)}" in tensors:
            raise ValueError("it is of other weights")
        # Of a device that is not used now, the state says nothing.
        random = {device: tensors.get(f"random.{device}", state) for device, state in self._random_states().items()}
        moments = [
            {name: tensors[f"{name}.{number}"].to(weight.device) for name in MOMENTS if f"{name}.{number}" in tensors}
            for number, weight in enumerate(self._weights)
        ]
        for device, state in random.items():
            _generator(device).set_rng_state(state, *_place(device))
        with torch.no_grad():
            for weight, tensor, own in zip(self._weights, kept, moments, strict=True):
                weight.copy_(tensor)
                self._optimiser.state[weight] = own

    def _random_states(self) -> dict[str, torch.Tensor]:
        """Return the state of each generator that the training uses."""
        devices = sorted({"cpu", *(str(weight.device) for weight in self._weights)})
        return {device: _generator(device).get_rng_state(*_place(device)) for device in devices}


def _generator(device: str) -> Any:
    """Return what holds the random generator of a device."""
    return torch if device == "cpu" else torch.get_device_module(device)


def _place(device: str) -> list[str]:
    return [] if device == "cpu" else [device]
