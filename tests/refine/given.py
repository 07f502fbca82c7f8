"""A tiny network, and judged replies to train it on."""

from types import SimpleNamespace
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from runner.data.records import Message, Prompt
from runner.data.training import Judged

LESSONS = [
    Judged(Prompt(messages=(Message(role="user", content=question),), tokens=8), reply, good)
    for question, right, wrong in (("12", "345", "6"), ("7", "89", "1234"), ("345", "6", "78"))
    for reply, good in ((right, True), (wrong, False))
]


def network(seed: int = 0) -> Any:
    """A network of one narrow layer, whose tokens are digits."""
    torch.manual_seed(seed)
    sizes = {"vocab_size": 12, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    module = LlamaForCausalLM(LlamaConfig(**sizes, bos_token_id=10, eos_token_id=11, pad_token_id=0))

    def encode(prompt: Prompt, reply: str) -> tuple[list[int], list[int]]:
        return [10, *map(int, prompt.messages[-1].content)], [*map(int, reply), 11]

    return SimpleNamespace(module=module, dtype=torch.float32, context=None, adapter=None, encode=encode)


def moved(trained: Any, by: float = 0.3) -> Any:
    """Change the weights of a network, as a training would."""
    torch.manual_seed(7)
    with torch.no_grad():
        for weight in trained.module.parameters():
            weight += by * torch.randn_like(weight)
    return trained


def log_probability(module: Any, prompt: list[int], reply: list[int]) -> float:
    """The log-probability of a reply, a token at a time, without padding and without a batch."""
    total = 0.0
    with torch.no_grad():
        for place, token in enumerate(reply):
            logits = module(torch.tensor([[*prompt, *reply[:place]]])).logits[0, -1].double()
            total += float(torch.log_softmax(logits, dim=-1)[token])
    return total
