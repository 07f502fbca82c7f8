"""Full tuning: every weight of the model is trained and kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveFloat, PositiveInt

from runner.component import component
from runner.model import Trainable
from runner.records import Prompt, Tuning


@component
class Full:
    """Trains all weights; takes about 16 bytes of memory and 4 of disk for each."""

    epochs: PositiveInt
    batch: PositiveInt
    rate: PositiveFloat
    warmup: Annotated[float, Field(ge=0, lt=1)]
    clip: PositiveFloat

    def tune(self, model: Trainable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """The whole model, as safetensors, in `folder`."""
        import torch

        from runner.tuner.loop import Schedule, train

        network = model.load()
        encoded = [network.encode(prompt, reply) for prompt, reply in examples]
        torch.manual_seed(seed)
        schedule = Schedule(epochs=self.epochs, batch=self.batch, rate=self.rate, warmup=self.warmup, clip=self.clip)
        tuning = train(network.module, encoded, schedule, seed)
        network.module.save_pretrained(folder)
        return tuning
