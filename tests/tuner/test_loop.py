"""The training loop: what it teaches, that it repeats itself, that it stops where it comes apart."""

import pytest
import torch

from runner.fault import Fault
from runner.model.huggingface import HuggingFace
from runner.records import Tuning, chat
from runner.tuner.full import Full
from runner.tuner.loop import IGNORE, _batches, _loss, _rate, train

FACTS = [("Who won?", "Ada"), ("Where was it?", "Oslo"), ("When was it?", "In May"), ("Who lost?", "Bob")]


def _train(model: HuggingFace, rate: float = 5e-3, seed: int = 0) -> Tuning:
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    return train(model.load(), examples, Full(epochs=15, batch=2, rate=rate, warmup=0.1, clip=1.0), seed)


def test_the_loss_falls(small_model: HuggingFace) -> None:
    losses = _train(small_model).losses
    assert losses[-1] < losses[0] / 2


def test_the_same_seed_gives_the_same_losses(small_model: HuggingFace) -> None:
    assert _train(small_model).losses == _train(small_model).losses


def test_another_seed_gives_other_losses(small_model: HuggingFace) -> None:
    assert _train(small_model).losses != _train(small_model, seed=1).losses


def test_a_loss_that_is_not_finite_stops_the_training_and_names_the_rate(small_model: HuggingFace) -> None:
    network = small_model.load()
    with torch.no_grad():
        network.module.get_output_embeddings().weight[0, 0] = float("nan")
    with pytest.raises(Fault, match=r"the loss is nan at step 1 of 1.*Lower tuner.rate \(now 0.01\)"):
        train(network, [(chat("Who won?", "", 8), "Ada")], Full(epochs=1, batch=1, rate=0.01, warmup=0.1, clip=1.0), 0)


def test_the_loss_is_that_of_the_reply_alone_as_transformers_counts_it(small_model: HuggingFace) -> None:
    network = small_model.load()
    batch = [network.encode(chat(asked, "", 8), answer) for asked, answer in FACTS]
    total, count = 0.0, 0
    for prompt, reply in batch:
        labels = torch.tensor([[IGNORE] * len(prompt) + reply])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            total += float(network.module(input_ids=torch.tensor([prompt + reply]), labels=labels).loss.detach()) * len(reply)
        count += len(reply)
    assert float(_loss(network.module, batch, torch.device("cpu")).detach()) == pytest.approx(total / count, rel=2e-2)


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [_rate(step, 100, 0.1) for step in range(101)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def test_an_epoch_holds_every_example_once() -> None:
    import random

    examples = [([number], [number]) for number in range(23)]
    batches = _batches(examples, 4, random.Random(0))
    assert sorted(prompt[0] for batch in batches for prompt, _ in batch) == list(range(23))
    assert max(map(len, batches)) == 4
