"""Rows that share the tokens they begin with get the logits and gradients that each gets alone."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peft import LoraConfig, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM

from runner.data.records import chat
from runner.local_models import packing
from runner.local_models.micro_batches import Encoded, length
from runner.local_models.packing import divided, lay_out, separable
from runner.local_models.preference_losses import log_probabilities
from runner.local_models.reply_logits import reply_logits
from runner.model.huggingface import HuggingFace

SIZES = {"vocab_size": 64, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
OPENING = [5, 6, 7, 8, 9]
ROWS = [([*OPENING, 20 + n, *range(n)], [30 + n] * (n + 1)) for n in range(4)]
IDS = st.lists(st.integers(1, 3), min_size=1, max_size=12)


def _module(kind: str, **more: Any) -> Any:
    torch.manual_seed(0)
    module = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **SIZES, **more))
    for weight in module.parameters():
        torch.nn.init.normal_(weight, std=0.3)  # else attention is so even that a wrong mask would hardly show
    return module.train()


def _slopes(module: Any, rows: list[Encoded], dtype: torch.dtype) -> tuple[list[float], torch.Tensor, int]:
    """Return the replies' log-probabilities, the gradients of their sum, and the tokens that were computed."""
    read = list[int]()
    hook = module.get_input_embeddings().register_forward_hook(lambda _, given, __: read.append(given[0].numel()))
    sums = log_probabilities(reply_logits(module, rows, torch.device("cpu"), dtype), [reply for _, reply in rows])
    hook.remove()
    sums.sum().backward()
    slopes = torch.cat([weight.grad.flatten() for weight in module.parameters() if weight.grad is not None])
    module.zero_grad()
    return sums.tolist(), slopes, sum(read)


def _check(module: Any, rows: list[Encoded], monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype, near: float) -> tuple[int, int]:
    """Compare with rows apart, and return the tokens that were computed together and apart."""
    sums, slopes, tokens = _slopes(module, rows, dtype)
    with monkeypatch.context() as apart:
        apart.setattr("runner.local_models.reply_logits.separable", lambda module: False)
        plain_sums, plain_slopes, plain_tokens = _slopes(module, rows, dtype)
    assert sums == pytest.approx(plain_sums, rel=near)
    assert float((slopes - plain_slopes).norm() / plain_slopes.norm()) < near
    return tokens, plain_tokens


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize(("kind", "more"), [("qwen3", {}), ("mixtral", {}), ("gemma", {}), ("mistral", {"sliding_window": None})])
def test_losses_and_gradients_of_full_attention_are_those_of_rows_apart(
    kind: str, more: dict[str, Any], attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = _module(kind, head_dim=8, num_key_value_heads=1, **more)
    module.set_attn_implementation(attention)
    tokens, apart = _check(module, ROWS, monkeypatch, torch.float32, 1e-4)
    assert apart == len(ROWS) * max(map(length, ROWS))
    assert tokens == sum(map(length, ROWS)) - (len(ROWS) - 1) * len(OPENING)


@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 1e-4), (torch.bfloat16, 5e-2)])
def test_losses_and_gradients_of_adapters_are_those_of_rows_apart(
    small_model: HuggingFace, dtype: torch.dtype, near: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small_model.load()
    rows = [network.encode(chat(asked, "Answer.", 0), said) for asked, said in (("Who?", "Ada, in the rain"), ("Where?", "Oslo"))]
    adapted = get_peft_model(network.module, LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM"))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:  # it begins at 0, where no gradient reaches lora_A
            torch.nn.init.normal_(weight, std=0.1)
    tokens, apart = _check(network.module, rows, monkeypatch, dtype, near)
    assert tokens < apart


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("mistral", {"num_key_value_heads": 1, "sliding_window": 4}),
        ("gpt2", {}),
        ("falcon", {"alibi": True}),
        ("llama", {"attention_dropout": 0.1}),
    ],
)
def test_a_window_other_positions_and_dropout_leave_rows_apart(kind: str, more: dict[str, Any]) -> None:
    module = _module(kind, **more)
    assert not separable(module)
    assert _slopes(module, ROWS, torch.float32)[2] == len(ROWS) * max(map(length, ROWS))


def test_dropout_matters_in_training_alone() -> None:
    module = _module("llama")
    assert separable(module)
    get_peft_model(module, LoraConfig(r=4, lora_dropout=0.5, target_modules="all-linear", task_type="CAUSAL_LM"))
    assert not separable(module.train())
    assert separable(module.eval())


# On a busy machine drawing may take seconds, which says nothing about the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(IDS, IDS), min_size=1, max_size=9), attention=st.integers(1, 2000))
def test_each_row_can_be_read_again_from_what_its_last_token_sees(rows: list[Encoded], attention: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "ATTENTION", attention)
        sequences = divided(rows)
    assert [row for sequence in sequences for row in sequence] == rows
    layout = lay_out(sequences)
    for number, sequence in enumerate(sequences):
        seen = layout.mask()[number, 0] == 0
        for owner, (prompt, reply) in enumerate(sequence):
            row = seen[(layout.owners[number] == owner).nonzero()[-1, 0]]
            assert layout.ids[number, row].tolist() == [*prompt, *reply]
            assert layout.places[number, row].tolist() == list(range(len(prompt) + len(reply)))
    scored = [[reply for _, reply in sequence] for sequence in sequences]
    assert layout.scored.sum(dim=1).tolist() == [sum(map(len, replies)) for replies in scored]


def test_a_chosen_and_a_rejected_reply_share_their_whole_prompt() -> None:
    prompts = [[first] * 200 for first in range(8)]
    pairs = [(prompt, [9] * tokens) for prompt in prompts for tokens in (10, 20)]
    assert [len(sequence) for sequence in divided(pairs)] == [2] * 8


def test_long_rows_stay_apart() -> None:
    rows = [([1] * 11 + [number] * 180, [2] * 9) for number in range(8)]
    assert [len(sequence) for sequence in divided(rows)] == [1] * 8
