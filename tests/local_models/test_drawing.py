"""Drawn tokens come as often as their probabilities say."""

import pytest
import torch

from runner.local_models.drawing import Drawn


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_come_as_often_as_their_distribution_says(temperature: float) -> None:
    torch.manual_seed(0)
    logits = torch.tensor([0.0, 1.0, 2.0, -torch.inf])
    drawn = Drawn(temperature)(None, logits.expand(20_000, 4)).argmax(dim=1)
    shares = torch.bincount(drawn, minlength=4) / 20_000
    torch.testing.assert_close(shares, (logits / temperature).softmax(0), atol=0.015, rtol=0)


def test_the_seed_decides_what_is_drawn() -> None:
    def drawn(seed: int) -> list[int]:
        torch.manual_seed(seed)
        return [int(each) for each in Drawn(1.0)(None, torch.zeros(20, 8)).argmax(dim=1)]

    assert drawn(0) == drawn(0) != drawn(1)
