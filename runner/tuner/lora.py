"""Low-rank adapters (Hu et al., arXiv 2106.09685, through PEFT): a small file of weights beside the model's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Tuning
from runner.local_models import Network
from runner.model import Trainable
from runner.tuner import Replay


@component
class Lora:
    """Trains adapters of `rank` on every linear layer, scaled by alpha / rank."""

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

    def tune(self, model: Trainable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """The adapter, as safetensors, in `folder`."""
        from runner.local_models.training_loop import tune

        return tune(self, model, examples, seed, folder)

    def adapt(self, network: Network, seed: int) -> Any:
        """The network with new adapters, which alone are trained and saved."""
        import torch
        from peft import LoraConfig, get_peft_model

        from runner.local_models.fused_lora import fuse

        torch.manual_seed(seed)
        settings = LoraConfig(
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        adapted = get_peft_model(network.module, settings)
        if not self.dropout:
            fuse(adapted)
        return adapted
