"""Kept distributions are the model's own, and the distance to them is the divergence."""

from pathlib import Path

import pytest
import torch
from torch.nn.functional import kl_div, log_softmax

from runner.data.records import chat
from runner.errors import Fault
from runner.local_models.distributions import Distance, Distributions, distributions, measure, vocabulary
from runner.local_models.reply_logits import reply_logits
from runner.model.huggingface import HuggingFace

ROWS = [(chat("Who won the cup?", "", 8), "Ada of Oslo"), (chat("Who?", "", 8), "Bob"), (chat("Where was it?", "", 8), "In Oslo")]


def kept(model: HuggingFace, folder: Path, top: int) -> tuple[Distributions, torch.Tensor]:
    """Measure a model; return what is kept and all of its logits."""
    network = model.load()
    measure(network, ROWS, top, folder)
    encoded = [network.encode(*row) for row in ROWS]
    with torch.inference_mode():
        return distributions(folder), reply_logits(network.module, encoded, torch.device("cpu"), network.dtype)


def test_each_row_has_its_own_tokens_whatever_the_order_they_are_computed_in(talker: HuggingFace, tmp_path: Path) -> None:
    own, logits = kept(talker, tmp_path, 8)
    network = talker.load()
    assert [own.starts[row + 1] - own.starts[row] for row in range(3)] == [len(network.encode(*row)[1]) for row in ROWS]
    expected = log_softmax(logits, dim=-1).gather(1, own.tokens)
    assert torch.allclose(own.logs, expected, atol=0.05)  # in bf16 another batch rounds in another way


def test_a_model_has_no_distance_from_itself(talker: HuggingFace, tmp_path: Path) -> None:
    own, logits = kept(talker, tmp_path, 8)
    assert float(Distance(own).mean([0, 1, 2], logits)) == pytest.approx(0, abs=1e-3)


def test_with_every_token_kept_the_distance_is_the_divergence_and_with_few_it_is_no_more() -> None:
    torch.manual_seed(0)
    before, now = torch.randn(5, 40) * 3, torch.randn(5, 40) * 3
    old = log_softmax(before, dim=-1)
    exact = float(kl_div(log_softmax(now, dim=-1), old, log_target=True, reduction="sum") / 5)
    distances = []
    for top in (40, 20, 4):
        largest = old.topk(top)
        rows = Distributions(tokens=largest.indices, logs=largest.values, starts=[0, 2, 5])
        distances.append(float(Distance(rows).mean([0, 1], now)))
    assert distances[0] == pytest.approx(exact, rel=1e-4)
    assert exact >= distances[1] >= distances[2] > 0


def test_the_rows_that_are_named_count_alone_and_the_factor_multiplies() -> None:
    torch.manual_seed(0)
    old = log_softmax(torch.randn(5, 10), dim=-1)
    rows = Distributions(tokens=torch.arange(10).repeat(5, 1), logs=old, starts=[0, 2, 5])
    now = torch.randn(3, 10)
    second = kl_div(log_softmax(now, dim=-1), old[2:], log_target=True, reduction="sum") / 3
    assert float(Distance(rows, 2.0).mean([1], now)) == pytest.approx(2 * float(second), rel=1e-3)
    assert [Distance(rows).weight(row) for row in (0, 1)] == [2, 3]


def test_no_more_tokens_are_kept_than_there_are(small_model: HuggingFace, tmp_path: Path) -> None:
    network = small_model.load()
    measure(network, ROWS[1:2], vocabulary(network) + 1, tmp_path)
    assert distributions(tmp_path).tokens.shape[1] == vocabulary(network)


def test_a_row_beyond_the_context_is_a_fault(brief_model: HuggingFace, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="the model reads 128 tokens"):
        measure(brief_model.load(), [(chat("Who?", "", 8), "Ada won it. " * 100)], 8, tmp_path)
