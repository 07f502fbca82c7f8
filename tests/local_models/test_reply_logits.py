"""The logits are those of the replies alone, as transformers counts them."""

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import AutoConfig, AutoModelForCausalLM

from runner.data.records import chat
from runner.local_models.micro_batches import Encoded
from runner.local_models.reply_logits import reply_logits
from runner.model.huggingface import HuggingFace

FACTS = [("Who won?", "Ada"), ("Where was it?", "Oslo"), ("When was it?", "In May"), ("Who lost?", "Bob")]
IGNORE = -100  # cross_entropy leaves such a target out


def _loss(module: torch.nn.Module, batch: list[Encoded], device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Return the mean cross-entropy of the replies."""
    targets = torch.tensor([token for _, reply in batch for token in reply])
    return cross_entropy(reply_logits(module, batch, device, dtype), targets)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_the_loss_is_that_of_the_reply_alone_as_transformers_counts_it(small_model: HuggingFace, dtype: torch.dtype) -> None:
    network = small_model.load()
    batch = [network.encode(chat(asked, "", 8), answer) for asked, answer in FACTS]
    total, count = 0.0, 0
    for prompt, reply in batch:
        labels = torch.tensor([[IGNORE] * len(prompt) + reply])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype is torch.bfloat16):
            total += float(network.module(input_ids=torch.tensor([prompt + reply]), labels=labels).loss.detach()) * len(reply)
        count += len(reply)
    assert float(_loss(network.module, batch, torch.device("cpu"), dtype).detach()) == pytest.approx(total / count, rel=2e-2)


@pytest.mark.parametrize(
    ("kind", "setting"), [("granite", "logits_scaling"), ("cohere", "logit_scale"), ("gemma2", "final_logit_softcapping")]
)
def test_what_a_model_does_to_its_logits_counts_in_the_loss(kind: str, setting: str) -> None:
    torch.manual_seed(0)
    sizes = {"vocab_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "head_dim": 8}
    config = AutoConfig.for_model(kind, **sizes, num_attention_heads=2, num_key_value_heads=2, **{setting: 0.5})
    module = AutoModelForCausalLM.from_config(config)
    prompt, reply = [5, 6, 7], [8, 9]
    own = module(input_ids=torch.tensor([prompt + reply]), labels=torch.tensor([[IGNORE] * 3 + reply])).loss
    loss = _loss(module, [(prompt, reply)], torch.device("cpu"), torch.float32)
    assert float(loss.detach()) == pytest.approx(float(own.detach()), rel=1e-5)
