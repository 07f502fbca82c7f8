"""Low-rank adapters: a small file of weights beside the model's own.

Hu et al., arXiv 2106.09685, through PEFT.
"""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.local_models import Network
from runner.model import Trainable
from runner.tuner import Finite, MakeObjective


@component
class Lora:
    """Train adapters on every linear layer."""

    former: ClassVar[Mapping[str, Any]] = {"replay": 0.0}  # now keep=replay
    incidental: ClassVar[frozenset[str]] = frozenset({"checkpoint"})

    rank: PositiveInt
    alpha: Finite  # an adapter's output is scaled by alpha / rank
    dropout: Annotated[float, Field(ge=0, lt=1)]  # a share; with 1 nothing would be trained
    epochs: PositiveInt
    steps: PositiveInt | None = None  # optimizer steps in place of the epochs
    batch: PositiveInt
    rate: Finite
    warmup: Annotated[float, Field(ge=0, lt=1)]
    clip: Finite
    checkpoint: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    def tune(self, model: Trainable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train an adapter and write it as safetensors."""
        from runner.local_models.training_loop import tune  # here, since it imports torch

        return tune(self, model, examples, seed, folder)

    def tune_for(
        self, objective: MakeObjective, model: Trainable, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Train as `tune` does, for another objective."""
        from runner.local_models.training_loop import tune  # here, since it imports torch

        return tune(self, model, examples, seed, folder, objective)

    def adapt(self, network: Network, seed: int) -> Any:
        """Return the network with new adapters; only they are trained.

        The adapters of an earlier training stay as they are, and are saved together with the new ones.
        """
        import torch
        from peft import LoraConfig, get_peft_model

        from runner.local_models.earlier_adapter import EARLIER, Joined, activate_both
        from runner.local_models.fused_lora import fuse

        # PEFT draws the first weights of the adapters from the global generator.
        torch.manual_seed(seed)
        settings = {"r": self.rank, "lora_alpha": self.alpha, "lora_dropout": self.dropout}
        # "all-linear" leaves the output layer out, which is often the embedding matrix itself.
        config = LoraConfig(**settings, target_modules="all-linear", task_type="CAUSAL_LM")
        with warnings.catch_warnings():
            # PEFT warns of adapters that the network has already, as those of an earlier training beside quantised weights.
            warnings.simplefilter("ignore", UserWarning)
            adapted = get_peft_model(network.module, config)
        if EARLIER in adapted.peft_config:
            activate_both(adapted)
        # The fused layer computes a layer and its adapter in one step, which has no place for dropout or a second adapter.
        elif not self.dropout:
            fuse(adapted)
        return Joined(adapted, network.adapter) if network.adapter else adapted
