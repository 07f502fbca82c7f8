"""A tuned folder and a scale in, blended weights out."""

import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from runner.data.weights import weights_written
from runner.local_models import Loadable

UP = ".lora_B."  # in the names of an adapter's second factor, as PEFT saves it


def blend(before: Loadable, tuned: Path, scale: float, folder: Path, earlier: Path | None = None) -> None:
    """Write before + scale * (tuned - before) into `folder`.

    `earlier` holds the weights of `before`, where an earlier training made them. Of an adapter only its second factor is scaled,
    in what the last training added to it, and no model is loaded.
    """
    with weights_written(folder):
        if (tuned / "adapter_config.json").exists():
            _scaled_adapter(tuned, scale, folder, earlier)
        else:
            _average(before, tuned, scale, folder)


def _scaled_adapter(tuned: Path, scale: float, folder: Path, earlier: Path | None) -> None:
    for file in tuned.glob("adapter_config.json"):
        shutil.copy(file, folder)
    files = earlier.glob("*.safetensors") if earlier else ()
    ranks = {name: weight.shape[1] for file in files for name, weight in load_file(file).items() if UP in name}
    for file in tuned.glob("*.safetensors"):
        weights = load_file(file)
        for name in filter(lambda name: UP in name, weights):
            # As `earlier_adapter` joins them, the columns of the earlier training stand first.
            weights[name][:, ranks.get(name, 0) :] *= scale
        save_file(weights, folder / file.name, metadata={"format": "pt"})


def _average(before: Loadable, tuned: Path, scale: float, folder: Path) -> None:
    module = before.load().module
    weights = module.state_dict()
    # A file at a time: a large model's weights lie in several.
    for file in tuned.glob("*.safetensors"):
        for name, weight in load_file(file).items():
            weights[name].lerp_(weight.to(weights[name]), scale)
    module.save_pretrained(folder)
