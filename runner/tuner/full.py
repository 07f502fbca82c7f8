"""Full tuning: every weight of the model is trained and saved."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.errors import Fault
from runner.local_models import Network
from runner.model import Trainable
from runner.tuner import Finite, MakeObjective

REMEDY = "Choose tuner=lora, which trains adapters beside them, or model.quantization=null with a model of plain weights"


@component
class FullTuning:
    """Train all weights."""

    # Its former name, which is in the hashes of stores. Another class of the package is called Full.
    kept_as: ClassVar[str] = "runner.tuner.full.Full"
    former: ClassVar[Mapping[str, Any]] = {"replay": 0.0}  # now keep=replay
    incidental: ClassVar[frozenset[str]] = frozenset({"checkpoint"})

    epochs: PositiveInt
    steps: PositiveInt | None = None
    batch: PositiveInt
    rate: Finite
    warmup: Annotated[float, Field(ge=0, lt=1)]
    clip: Finite
    checkpoint: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    def check(self, model: Trainable) -> None:
        """Raise a Fault if the model's weights can't be trained."""
        if model.quantised:
            raise Fault(f"tuner=full: the weights of {model.name} are quantised and can't be trained. {REMEDY}")

    def tune(self, model: Trainable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train the model and write all weights as safetensors."""
        # A weight takes about 16 bytes of memory: itself, its gradient and two moments of AdamW in fp32; and 4 of disk.
        from runner.local_models.training_loop import tune  # here, since it imports torch

        return tune(self, model, examples, seed, folder)

    def tune_for(
        self, objective: MakeObjective, model: Trainable, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Train as `tune` does, for another objective."""
        from runner.local_models.training_loop import tune  # here, since it imports torch

        return tune(self, model, examples, seed, folder, objective)

    def adapt(self, network: Network, seed: int) -> Any:
        """Return the whole network, which is trained and saved."""
        import torch

        # The network may have dropout of its own.
        torch.manual_seed(seed)
        return network.module
