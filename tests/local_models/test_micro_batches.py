"""A step in parts is the same step, and takes memory for one part only."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.data.records import chat
from runner.errors import Fault
from runner.local_models import micro_batches
from runner.local_models.micro_batches import PART_TOKENS, check_lengths, length, parts, slow_fused
from runner.local_models.training_loop import train
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning

EXAMPLE = st.builds(lambda prompt, reply: ([1] * prompt, [2] * reply), st.integers(1, 900), st.integers(1, 900))


# On a busy machine drawing may take seconds, which says nothing about the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=st.lists(EXAMPLE, min_size=1, max_size=20))
def test_parts_hold_every_example_once_within_the_limit(batch: list[tuple[list[int], list[int]]]) -> None:
    cut = parts(batch)
    assert sorted(map(id, (example for part in cut for example in part))) == sorted(map(id, batch))
    assert all(len(part) == 1 or len(part) * max(map(length, part)) <= PART_TOKENS for part in cut)


def test_a_batch_that_fits_is_left_as_it_is() -> None:
    batch = [([1] * 100, [2] * number) for number in (28, 3, 9)]
    assert parts(batch) == [batch]


def _trained(model: HuggingFace) -> tuple[tuple[float, ...], list[torch.Tensor]]:
    """Return the losses and the weights of two steps."""
    taught = [(chat("Who won the cup?", "", 0), "Ada. " * number) for number in (1, 4, 40, 9)]
    network = model.load()
    tuning = train(network, taught, FullTuning(epochs=2, batch=4, rate=1e-2, warmup=0.1, clip=1.0), 0)
    return tuning.losses, [weight.detach() for weight in network.module.parameters()]


@pytest.mark.parametrize(("dtype", "near"), [("float32", 1e-4), ("bfloat16", 0.05)])
def test_a_step_in_parts_is_the_step_of_the_whole_batch(
    small_model: HuggingFace, monkeypatch: pytest.MonkeyPatch, dtype: Any, near: float
) -> None:
    model = replace(small_model, dtype=dtype)
    losses, weights = _trained(model)
    monkeypatch.setattr(micro_batches, "PART_TOKENS", 100)
    monkeypatch.setattr(micro_batches, "LONG_EXAMPLE", 60)
    losses_in_parts, weights_in_parts = _trained(model)
    assert losses_in_parts == pytest.approx(losses, rel=near)
    # The rate is 0.01, so that a gradient of another size or sign would show.
    for weight, other in zip(weights, weights_in_parts, strict=True):
        assert float((weight - other).norm() / weight.norm()) < near


def test_an_example_beyond_the_context_is_a_fault_before_the_first_step(brief_model: HuggingFace) -> None:
    taught = [(chat("Who won?", "", 0), answer) for answer in ("Ada.", "Ada won it. " * 100)]
    with pytest.raises(
        Fault, match=r"the model reads 128 tokens, and 1 of 2 examples to train on are longer \(up to \d+ tokens\)"
    ):
        train(brief_model.load(), taught, FullTuning(epochs=1, batch=1, rate=1e-3, warmup=0.1, clip=1.0), 0)


def test_a_model_without_a_limit_reads_everything() -> None:
    check_lengths([([1] * 10**5, [2])], None)


def test_the_rows_of_an_example_stay_side_by_side_in_one_part() -> None:
    rows = [([number], [0] * size) for number, size in enumerate((900, 10, 20, 1500, 30, 40, 700, 600))]
    cut = parts(rows, together=2)
    assert len(cut) > 2
    pairs = [[row[0][0] for row in part[at : at + 2]] for part in cut for at in range(0, len(part), 2)]
    assert sorted(pairs) == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert all(len(part) == 2 or len(part) * max(map(length, part)) <= PART_TOKENS for part in cut)


def test_fused_attention_is_slow_in_bf16_on_a_processor_alone() -> None:
    kinds = [("cpu", torch.bfloat16), ("cpu", torch.float32), ("cuda", torch.bfloat16)]
    assert [slow_fused(*kind) for kind in kinds] == [True, False, False]
