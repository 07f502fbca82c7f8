"""A batch gets the same ids as each of its prompts alone gets from transformers' generate."""

from pathlib import Path
from typing import Any

import pytest
import torch

from runner.data.records import chat
from runner.local_models.drawing import Drawn
from runner.local_models.generate import write
from runner.local_models.network import Weights
from runner.model.huggingface import HuggingFace

QUESTIONS = (
    "Who won the cup?",
    "Who lost the cup?",
    "Who won?",
    "Tell me of the cup, the rain and the whole day",
    "Bergen?",
    "Oslo",
)


def _prompts(network: Weights, instruction: str = "") -> list[list[int]]:
    return [network.encode(chat(question, instruction, 0))[0] for question in QUESTIONS]


def _alone(network: Weights, prompt: list[int], limit: int) -> list[int]:
    settings: dict[str, Any] = {"max_new_tokens": limit, "do_sample": False, "pad_token_id": network.tokenizer.pad_token_id}
    with torch.inference_mode():
        output = network.module.generate(input_ids=torch.tensor([prompt]), **settings)[0, len(prompt) :].tolist()
    return [token for token in output if token != network.tokenizer.eos_token_id]


@pytest.fixture(scope="module")
def network(talker: HuggingFace) -> Weights:
    loaded = talker.load()
    loaded.ready()
    return loaded


@pytest.mark.parametrize("instruction", ["", "Answer briefly, and only of the cup."])
def test_each_reply_is_the_one_that_its_prompt_gets_alone(network: Weights, instruction: str) -> None:
    prompts = _prompts(network, instruction)
    expected = [_alone(network, prompt, 24) for prompt in prompts]
    assert len({len(reply) for reply in expected}) > 1  # rows end at different times, so that some are let go before others
    assert write(network.module, network.tokenizer, prompts, 24) == expected


@pytest.mark.parametrize("limit", [1, 5, 16])
def test_no_reply_is_longer_than_the_limit_however_often_rows_are_let_go(network: Weights, limit: int) -> None:
    prompts = _prompts(network)
    replies = write(network.module, network.tokenizer, prompts, limit)
    assert replies == [_alone(network, prompt, limit) for prompt in prompts]
    assert max(map(len, replies)) == limit


def test_a_prompt_alone_and_prompts_that_are_alike_are_answered_too(network: Weights) -> None:
    prompt = _prompts(network)[0]
    expected = _alone(network, prompt, 24)
    assert write(network.module, network.tokenizer, [prompt], 24) == [expected]
    assert write(network.module, network.tokenizer, [prompt, prompt], 24) == [expected, expected]


def test_prompts_that_share_no_beginning_are_answered_too(network: Weights) -> None:
    prompts = [[5, *_prompts(network)[0]], [7, 8, *_prompts(network)[1]]]
    assert write(network.module, network.tokenizer, prompts, 12) == [_alone(network, prompt, 12) for prompt in prompts]


def test_what_the_prompts_begin_with_is_read_once(network: Weights) -> None:
    prompts, read = _prompts(network), list[int]()
    hook = network.module.get_input_embeddings().register_forward_hook(lambda _, given, __: read.append(given[0].numel()))
    write(network.module, network.tokenizer, prompts, 1)
    hook.remove()
    shared, longest = read[0], max(map(len, prompts))
    assert shared >= 3  # the opening of the chat template
    assert read[1] == len(prompts) * (longest - shared)


def test_rows_that_ended_are_not_computed_any_more(network: Weights) -> None:
    rows, by_length = list[int](), sorted(_prompts(network), key=lambda prompt: len(_alone(network, prompt, 24)))
    hook = network.module.get_input_embeddings().register_forward_hook(lambda _, given, __: rows.append(given[0].shape[0]))
    write(network.module, network.tokenizer, [by_length[0], by_length[-1]], 24)
    hook.remove()
    assert (rows[1], rows[-1]) == (2, 1)


def test_a_model_that_reads_through_a_window_answers_too(network: Weights, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, MistralConfig

    torch.manual_seed(0)
    sizes = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
    }
    config = MistralConfig(vocab_size=network.module.config.vocab_size, sliding_window=8, eos_token_id=2, pad_token_id=2, **sizes)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    network.tokenizer.save_pretrained(tmp_path)
    windowed = HuggingFace(id=str(tmp_path), device="cpu").load()
    windowed.ready()
    prompts = _prompts(windowed)
    assert write(windowed.module, windowed.tokenizer, prompts, 6) == [_alone(windowed, prompt, 6) for prompt in prompts]


def test_drawn_replies_differ_from_each_other_and_repeat_with_their_seed(network: Weights) -> None:
    prompts = [_prompts(network)[0]] * 6

    def drawn(seed: int, temperature: float) -> list[list[int]]:
        torch.manual_seed(seed)
        return write(network.module, network.tokenizer, prompts, 6, [Drawn(temperature)])

    assert len(set(map(tuple, drawn(0, 3.0)))) > 1
    assert drawn(0, 3.0) == drawn(0, 3.0) != drawn(1, 3.0)
    assert drawn(0, 0.01) == write(network.module, network.tokenizer, prompts, 6)
