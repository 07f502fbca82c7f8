"""The training loop: it learns, it repeats exactly, and it stops when it diverges."""

import math

import pytest
import torch
from pydantic import ValidationError
from transformers import AutoConfig, AutoModelForCausalLM

from runner.data.records import Tuning, chat
from runner.errors import Fault
from runner.local_models.training_loop import IGNORE, _epoch, _loss, train, warmup_then_cosine
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning

FACTS = [("Who won?", "Ada"), ("Where was it?", "Oslo"), ("When was it?", "In May"), ("Who lost?", "Bob")]
ONES = [("Who won?", "Ada"), ("Where was it held, and by whom?", "Oslo"), ("When?", "Early on a morning in the month of May")]


def _train(model: HuggingFace, rate: float = 5e-3, seed: int = 0) -> Tuning:
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    return train(model.load(), examples, FullTuning(epochs=15, batch=2, rate=rate, warmup=0.1, clip=1.0), seed)


def test_the_loss_falls(small_model: HuggingFace) -> None:
    losses = _train(small_model).losses
    assert losses[-1] < losses[0] / 2


def test_the_same_seed_gives_the_same_losses(small_model: HuggingFace) -> None:
    assert _train(small_model).losses == _train(small_model).losses


def test_another_seed_gives_other_losses(small_model: HuggingFace) -> None:
    assert _train(small_model).losses != _train(small_model, seed=1).losses


def test_a_loss_that_is_not_finite_stops_the_training_and_names_thewarmup_then_cosine(small_model: HuggingFace) -> None:
    network = small_model.load()
    with torch.no_grad():
        network.module.get_output_embeddings().weight[0, 0] = float("nan")
    with pytest.raises(Fault, match=r"the loss is nan at step 1 of 1.*Lower tuner.rate \(now 0.01\)"):
        train(network, [(chat("Who won?", "", 8), "Ada")], FullTuning(epochs=1, batch=1, rate=0.01, warmup=0.1, clip=1.0), 0)


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


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [warmup_then_cosine(step, 100, 0.1) for step in range(101)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def test_an_epoch_holds_every_example_once() -> None:
    import random

    examples = [([number], [number]) for number in range(23)]
    batches = _epoch(examples, 4, random.Random(0))
    assert sorted(prompt[0] for batch in batches for prompt, _ in batch) == list(range(23))
    assert max(map(len, batches)) == 4


def _lengths(model: HuggingFace) -> list[int]:
    """Return the tokens of each example; they differ, so that a sum shows which were trained on."""
    network = model.load()
    return [sum(map(len, network.encode(chat(asked, "", 8), answer))) for asked, answer in ONES]


def _steps(model: HuggingFace, steps: int | None, epochs: int = 1) -> Tuning:
    schedule = FullTuning(epochs=epochs, steps=steps, batch=1, rate=1e-3, warmup=0.1, clip=1.0)
    return train(model.load(), [(chat(asked, "", 8), answer) for asked, answer in ONES], schedule, 0)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
def test_exactly_so_many_steps_are_done_whatever_the_epochs(small_model: HuggingFace, steps: int) -> None:
    assert len(_steps(small_model, steps, epochs=2).losses) == steps


def test_without_steps_every_epoch_is_done_whole(small_model: HuggingFace) -> None:
    tuning = _steps(small_model, None, epochs=2)
    assert (len(tuning.losses), tuning.tokens) == (6, 2 * sum(_lengths(small_model)))


def test_steps_beyond_an_epoch_go_on_into_the_next_which_holds_every_example_again(small_model: HuggingFace) -> None:
    assert _steps(small_model, 6).tokens == 2 * sum(_lengths(small_model))


def test_fewer_steps_than_an_epoch_leave_examples_out(small_model: HuggingFace) -> None:
    lengths = _lengths(small_model)
    assert _steps(small_model, 2).tokens in {sum(lengths) - length for length in lengths}


def test_as_many_steps_as_the_epochs_hold_are_the_same_training(small_model: HuggingFace) -> None:
    assert _steps(small_model, 6).losses == _steps(small_model, None, epochs=2).losses


def test_a_step_holds_so_many_examples_also_where_the_last_of_an_epoch_holds_fewer(small_model: HuggingFace) -> None:
    schedule = FullTuning(epochs=1, steps=4, batch=2, rate=1e-3, warmup=0.1, clip=1.0)
    tuning = train(small_model.load(), [(chat(asked, "", 8), answer) for asked, answer in ONES], schedule, 0)
    assert tuning.tokens == 2 * sum(_lengths(small_model))  # two epochs of two steps, of two examples and of one


@pytest.mark.parametrize("steps", [0, -1, 1.5, "many"])
def test_steps_that_are_no_positive_whole_number_are_refused(steps: object) -> None:
    with pytest.raises(ValidationError, match="steps"):
        FullTuning(epochs=1, steps=steps, batch=1, rate=1e-3, warmup=0.1, clip=1.0)


@pytest.mark.parametrize("replay", [-0.1, math.inf, math.nan, "some"])
def test_a_share_of_general_pairs_that_is_no_number_from_0_is_refused(replay: object) -> None:
    with pytest.raises(ValidationError, match="replay"):
        FullTuning(epochs=1, batch=1, rate=1e-3, warmup=0.1, clip=1.0, replay=replay)
