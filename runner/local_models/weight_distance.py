"""A module in, the squared distance of its weights out."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from peft.tuners.lora import LoraLayer


def weight_distance(module: Any) -> Callable[[], torch.Tensor]:
    """Return a function that computes the squared distance.

    It is a sum over all weights, from their values at this call. With adapters it is that of the weights that they are added to:
    the norm of scale * B A. The norms of the factors A and B would not do. A begins with random values, and shrinking it moves
    nothing while B is zero.
    """
    adapted = [layer for layer in module.modules() if isinstance(layer, LoraLayer)]
    if adapted:
        return lambda: _sum([_of_adapter(layer) for layer in adapted])
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    before = [weight.detach().clone() for weight in weights]
    return lambda: _sum([(weight - old).square().sum() for weight, old in zip(weights, before, strict=True)])


def _of_adapter(layer: Any) -> torch.Tensor:
    """Compute the squared Frobenius norm of scale * B A."""
    name = layer.active_adapters[-1]  # the one that is trained; one of an earlier training comes before it
    a, b, scale = layer.lora_A[name].weight, layer.lora_B[name].weight, layer.scaling[name]
    # It is the trace of (B'B)(AA'), of two small matrices. The product B A itself is as large as the layer.
    norm: torch.Tensor = ((b.T @ b) * (a @ a.T)).sum()
    return norm * scale**2


def _sum(terms: Sequence[torch.Tensor]) -> torch.Tensor:
    # Layers may lie on several GPUs.
    return torch.stack([term.to(terms[0].device) for term in terms]).sum()
