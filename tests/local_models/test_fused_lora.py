"""Adapters in a single step: the loss and the gradients are those of PEFT."""

import pytest
import torch
from peft import LoraConfig, get_peft_model

from runner.data.records import chat
from runner.local_models import CROSS_ENTROPY
from runner.local_models.fused_lora import fuse
from runner.local_models.micro_batches import Row
from runner.local_models.step_loss import StepLoss
from runner.model.huggingface import HuggingFace


def _slopes(model: HuggingFace, dtype: torch.dtype, fused: bool) -> tuple[float, dict[str, torch.Tensor]]:
    network = model.load()
    torch.manual_seed(0)
    adapted = get_peft_model(network.module, LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM"))
    trained = {name: weight for name, weight in adapted.named_parameters() if weight.requires_grad}
    with torch.no_grad():
        for weight in trained.values():
            weight.normal_(std=0.02)
    if fused:
        fuse(adapted)
    batch = [network.encode(chat(asked, "", 8), reply) for asked, reply in (("Who won?", "Ada"), ("Where was it?", "In Oslo"))]
    network.dtype = dtype
    rows = [Row(*encoded, number) for number, encoded in enumerate(batch)]
    ((loss, backward),) = StepLoss(network, batch, CROSS_ENTROPY).parts(rows)
    backward()
    return loss, {name: weight.grad for name, weight in trained.items()}


@pytest.mark.parametrize(("dtype", "rounding"), [(torch.bfloat16, 0.05), (torch.float32, 1e-4)])
def test_loss_and_gradients_are_those_of_peft_but_for_rounding(
    small_model: HuggingFace, dtype: torch.dtype, rounding: float
) -> None:
    (loss, slopes), (expected, wanted) = _slopes(small_model, dtype, fused=True), _slopes(small_model, dtype, fused=False)
    assert loss == pytest.approx(expected, rel=rounding / 5)
    assert slopes.keys() == wanted.keys()
    for name, slope in slopes.items():
        alike = torch.nn.functional.cosine_similarity(slope.flatten(), wanted[name].flatten(), dim=0)
        assert alike > 1 - rounding / 2.5, name
        assert slope.norm() == pytest.approx(float(wanted[name].norm()), rel=rounding), name
