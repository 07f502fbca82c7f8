"""Weights in between are those before and after a training, weighed by the scale."""

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


@pytest.mark.parametrize(("first", "second"), [("lora", "lora"), ("full", "full"), ("lora", "full")])
def test_of_a_second_training_only_its_own_change_is_scaled(
    first: str, second: str, small_model: HuggingFace, tmp_path: Path
) -> None:
    earlier, tuned, between = (tmp_path / name for name in ("earlier", "tuned", "between"))
    for folder in (earlier, tuned, between):
        folder.mkdir()
    TUNERS[first].tune(small_model, TAUGHT, 0, earlier)
    before = small_model.tuned_in(earlier)
    TUNERS[second].tune(before, TAUGHT[::-1], 1, tuned)
    blend(before, tuned, 0.25, between, earlier)
    untuned, once, twice, mixed = map(weights, (small_model, before, small_model.tuned_in(tuned), small_model.tuned_in(between)))
    for start, after, blended in zip(once, twice, mixed, strict=True):
        assert torch.allclose(blended, start + 0.25 * (after - start), atol=1e-6)
    for one, other in ((untuned, once), (once, twice)):
        assert sum(float((new - old).abs().sum()) for old, new in zip(one, other, strict=True)) > 0
