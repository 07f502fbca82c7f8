"""Weights in between are those of the untuned and the tuned model, weighed by the scale."""

from pathlib import Path

import pytest
import torch

from runner.data.records import chat
from runner.local_models.blending import blend
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning
from runner.tuner.lora import Lora

TAUGHT = [(chat("Who won?", "", 8), "Ada"), (chat("Who lost?", "", 8), "Bob")]
USUAL = {"epochs": 2, "batch": 2, "rate": 1e-2, "warmup": 0.1, "clip": 1.0}
TUNERS = {"lora": Lora(rank=2, alpha=4, dropout=0.0, **USUAL), "full": FullTuning(**USUAL)}


def weights(model: HuggingFace) -> list[torch.Tensor]:
    return [weight.detach().clone() for weight in model.load().module.parameters()]


@pytest.mark.parametrize("name", TUNERS)
@pytest.mark.parametrize("scale", [0.0, 0.25, 1.0])
def test_each_weight_lies_between_its_two_values(name: str, scale: float, small_model: HuggingFace, tmp_path: Path) -> None:
    tuned, between = tmp_path / "tuned", tmp_path / "between"
    tuned.mkdir()
    between.mkdir()
    TUNERS[name].tune(small_model, TAUGHT, 0, tuned)
    blend(small_model, tuned, scale, between)
    three = zip(weights(small_model), weights(small_model.tuned_in(tuned)), weights(small_model.tuned_in(between)), strict=True)
    moved = 0.0
    for untuned, after, mixed in three:
        assert torch.allclose(mixed, untuned + scale * (after - untuned), atol=1e-6)
        moved += float((after - untuned).abs().sum())
    assert moved > 0
    assert sorted(file.name for file in between.glob("*.safetensors")) == sorted(
        file.name for file in tuned.glob("*.safetensors")
    )
