"""Low-rank adapters: a small file of weights beside the model's own.

Hu et al., arXiv 2106.09685, through PEFT.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.local_models import Network
from runner.model import Trainable
from runner.tuner import Replay


@component
class Lora:
    """Train adapters of `rank` on every linear layer.

    Their output counts alpha / rank. `steps` optimizer steps take the place of the epochs where they are set.
    """

    rank: PositiveInt
    alpha: PositiveFloat
    dropout: NonNegativeFloat
    epochs: PositiveInt
    steps: PositiveInt | None = None
    batch: PositiveInt
    rate: PositiveFloat
    warmup: Annotated[float, Field(ge=0, lt=1)]
    clip: PositiveFloat
    replay: Replay = 0.0

    def tune(self, model: Trainable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train an adapter and write it into `folder`, as safetensors."""
        from runner.local_models.training_loop import tune

        return tune(self, model, examples, seed, folder)

    def adapt(self, network: Network, seed: int) -> Any:
        """Return the network with new adapters, which alone are trained and saved."""
        import torch
        from peft import LoraConfig, get_peft_model

        from runner.local_models.fused_lora import fuse

        # PEFT draws the first weights of the adapters from the global generator.
        torch.manual_seed(seed)
        settings = LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        adapted = get_peft_model(network.module, settings)
        # The fused layer has no place for dropout.
        if not self.dropout:
            fuse(adapted)
        return adapted
