"""A tuned folder and a scale in, blended weights out."""

import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from runner.data.weights import weights_written
from runner.local_models import Loadable

UP = ".lora_B."  # in the names of an adapter's second factor, as PEFT saves it


def blend(untuned: Loadable, tuned: Path, scale: float, folder: Path) -> None:
    """Write untuned + scale * (tuned - untuned) into `folder`.

    Of an adapter only its second factor is scaled, and the untuned model is not loaded.
    """
    with weights_written(folder):
        if (tuned / "adapter_config.json").exists():
            _scaled_adapter(tuned, scale, folder)
        else:
            _average(untuned, tuned, scale, folder)


def _scaled_adapter(tuned: Path, scale: float, folder: Path) -> None:
    for file in tuned.glob("adapter_config.json"):
        shutil.copy(file, folder)
    for file in tuned.glob("*.safetensors"):
        weights = {name: weight * scale if UP in name else weight for name, weight in load_file(file).items()}
        save_file(weights, folder / file.name, metadata={"format": "pt"})


def _average(untuned: Loadable, tuned: Path, scale: float, folder: Path) -> None:
    module = untuned.load().module
    before = module.state_dict()
    # A file at a time: a large model's weights lie in several.
    for file in tuned.glob("*.safetensors"):
        for name, weight in load_file(file).items():
            before[name].lerp_(weight.to(before[name]), scale)
    module.save_pretrained(folder)
