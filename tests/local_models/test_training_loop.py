"""The training loop: it learns, it repeats exactly, and it stops when it diverges."""

import random

import pytest
import torch
from pydantic import ValidationError

from runner.data.records import Tuning, chat
from runner.errors import Fault
from runner.local_models import Objective
from runner.local_models.micro_batches import Row
from runner.local_models.step_loss import CrossEntropy
from runner.local_models.training_loop import _epoch, _further, train, warmup_then_cosine
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


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [warmup_then_cosine(step, 100, 0.1) for step in range(101)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def test_an_epoch_holds_every_example_once() -> None:
    examples = [([number], [number]) for number in range(23)]
    batches = _epoch(examples, 4, random.Random(0))
    assert sorted(number for batch in batches for number in batch) == list(range(23))
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


def test_the_default_objective_is_the_plain_loop_to_the_last_bit(
    small_model: HuggingFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rows that share tokens are rounded in another way.
    monkeypatch.setattr("runner.local_models.reply_logits.separable", lambda module: False)
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    schedule = FullTuning(epochs=3, batch=2, rate=5e-3, warmup=0.1, clip=1.0)
    losses = train(small_model.load(), examples, schedule, 0).losses
    network = small_model.load()
    encoded = [network.encode(*example) for example in examples]
    network.module.set_attn_implementation("eager" if network.dtype is torch.bfloat16 else "sdpa")
    optimiser = torch.optim.AdamW(network.module.parameters(), lr=5e-3, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: warmup_then_cosine(step, 6, 0.1))
    order, plain = random.Random(0), []
    network.module.train()
    for batch in [batch for _ in range(3) for batch in _epoch(encoded, 2, order)]:
        width = max(sum(map(len, encoded[number])) for number in batch)
        rows = [(*encoded[number], width - sum(map(len, encoded[number]))) for number in batch]
        ids = torch.tensor([prompt + reply + [0] * rest for prompt, reply, rest in rows])
        seen = torch.tensor([[1] * (width - rest) + [0] * rest for _, _, rest in rows])
        places = torch.tensor([[False] * (len(p) - 1) + [True] * len(r) + [False] * (rest + 1) for p, r, rest in rows])
        head = network.module.get_output_embeddings()
        hook = head.register_forward_pre_hook(lambda _, inputs, places=places: (inputs[0][places],))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=network.dtype is torch.bfloat16):
            logits = network.module(input_ids=ids, attention_mask=seen, use_cache=False).logits
        hook.remove()
        targets = torch.tensor([token for _, reply, _ in rows for token in reply])
        loss = torch.nn.functional.cross_entropy(logits.float(), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.module.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        rate.step()
        plain.append(float(loss.detach()))
    assert losses == tuple(plain)


def test_further_rows_share_each_step_and_leave_the_order_of_the_labels_as_it_is(small_model: HuggingFace) -> None:
    network = small_model.load()
    rows = [network.encode(chat("What is ice?", "", 8), "Water")]
    further = Objective(rows=rows, count=1, further=CrossEntropy([reply for _, reply in rows]))
    schedule = FullTuning(epochs=1, batch=2, rate=1e-9, warmup=0.1, clip=1.0)
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    alone, both = (train(small_model.load(), examples, schedule, 0, *other) for other in ((), (further,)))
    assert both.tokens == alone.tokens + 2 * sum(map(len, rows[0]))
    added = [together - single for together, single in zip(both.losses, alone.losses, strict=True)]
    assert added[0] == pytest.approx(added[1], rel=0.02)  # the loss of the one further row, at a rate of nearly 0


def test_each_further_row_comes_once_before_any_comes_again() -> None:
    objective = Objective(rows=[([number], [number]) for number in range(5)], count=2, further=CrossEntropy([[0]] * 5))
    steps = _further(objective, random.Random(0))
    drawn = [row for _ in range(5) for row in next(steps)]
    assert all(row == Row([row.number], [row.number], row.number, further=True) for row in drawn)
    assert sorted(row.number for row in drawn[:5]) == sorted(row.number for row in drawn[5:]) == list(range(5))


def test_a_penalty_counts_in_the_loss_and_in_the_gradient(small_model: HuggingFace) -> None:
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    schedule = FullTuning(epochs=1, batch=4, rate=1e-2, warmup=0.1, clip=1e9)
    trained = []
    for factor in (0.0, 1e3):
        network = small_model.load()
        weight = next(network.module.parameters())
        objective = Objective(penalty=lambda weight=weight, factor=factor: factor * weight.square().sum())
        before = float(weight.detach().square().sum())
        trained.append((train(network, examples, schedule, 0, objective).losses[0], float(weight.detach().square().sum())))
    assert trained[1][0] - trained[0][0] == pytest.approx(1e3 * before, rel=1e-2)
    assert trained[1][1] < trained[0][1]
