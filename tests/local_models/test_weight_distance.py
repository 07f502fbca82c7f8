"""The distance is the change of the weights, also where adapters are added to them."""

import pytest
import torch

from runner.local_models.weight_distance import weight_distance
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning
from runner.tuner.lora import Lora

USUAL = {"epochs": 1, "batch": 2, "rate": 1e-2, "warmup": 0.1, "clip": 1.0}


def test_of_all_weights_it_is_the_sum_of_squared_changes(small_model: HuggingFace) -> None:
    network = small_model.load()
    distance = weight_distance(FullTuning(**USUAL).adapt(network, 0))
    assert float(distance().detach()) == 0
    weight = next(network.module.parameters())
    with torch.no_grad():
        weight[0, :3] += torch.tensor([1.0, 2.0, -2.0])
    assert float(distance().detach()) == pytest.approx(9.0, rel=1e-5)


def test_of_adapters_it_is_that_of_the_weights_that_they_change(small_model: HuggingFace) -> None:
    network = small_model.load()
    adapted = Lora(rank=2, alpha=4, dropout=0.0, **USUAL).adapt(network, 0)
    distance = weight_distance(adapted)
    assert float(distance().detach()) == 0  # the second factor begins at zero, whatever the first one holds
    before = [weight.clone() for weight in small_model.load().module.parameters()]
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:
                weight.normal_()
    expected = float(distance().detach())
    merged = list(adapted.merge_and_unload().parameters())
    changes = sum(float((after - old).square().sum()) for after, old in zip(merged, before, strict=True))
    assert expected == pytest.approx(changes, rel=1e-4)
