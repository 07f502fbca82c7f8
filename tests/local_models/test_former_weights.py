"""The weights as they were before a training are there again for a while."""

import pytest
import torch

from runner.local_models.former_weights import FormerWeights


def test_a_network_computes_with_its_former_weights_for_a_while_and_then_trains_on() -> None:
    module = torch.nn.Linear(2, 1)
    module.bias.requires_grad_(False)
    before, x = module.weight.detach().clone(), torch.ones(1, 2)
    former, said = FormerWeights(module), float(module(x))
    optimiser = torch.optim.SGD([module.weight], lr=0.1)
    for _ in range(2):
        module(x).sum().backward()
        optimiser.step()
        optimiser.zero_grad()
        now = float(module(x))
        with former.restored():
            assert float(module(x)) == said != now
        assert float(module(x)) == now
    assert torch.allclose(module.weight, before - 0.2)


def test_the_present_weights_come_back_after_an_error() -> None:
    module = torch.nn.Linear(1, 1)
    former = FormerWeights(module)
    with torch.no_grad():
        module.weight += 1
    now = float(module.weight)
    with pytest.raises(ValueError, match="stop"), former.restored():
        raise ValueError("stop")
    assert float(module.weight) == now
