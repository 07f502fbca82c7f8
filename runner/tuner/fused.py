"""PEFT's adapters, computed with one wide product a layer in the place of two: the same loss and gradients sooner."""

from typing import Any

import torch
from torch.nn.functional import linear


class _Adapted(torch.autograd.Function):  # type: ignore[misc]
    """x to x (W + s B A)', in bf16; W itself is not trained, so its gradient, the widest product of all, is never made."""

    @staticmethod
    def forward(context: Any, x: torch.Tensor, weight: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        half, down, up = (tensor.to(torch.bfloat16) for tensor in (x, a, b))
        whole = torch.addmm(weight.to(torch.bfloat16), up, down)
        context.save_for_backward(half, whole, down, up)
        context.kinds = x.dtype, a.dtype
        return linear(half, whole)

    @staticmethod
    def backward(context: Any, *slopes: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, whole, down, up = context.saved_tensors
        of_input, of_adapter = context.kinds
        rows, slope = x.flatten(0, -2), slopes[0].to(torch.bfloat16).flatten(0, -2)
        for_x = (slope @ whole).view_as(x).to(of_input)
        for_down, for_up = (slope @ up).T @ rows, slope.T @ (rows @ down.T)
        return for_x, None, for_down.to(of_adapter), for_up.to(of_adapter)


def fuse(adapted: Any) -> None:
    """Let every adapted plain linear layer without bias compute so; the adapters stay PEFT's, to save and to load.

    Not for adapters with dropout, which is drawn for the adapter's input alone.
    """
    for layer in adapted.modules():
        if getattr(layer, "lora_A", None) and type(layer.base_layer) is torch.nn.Linear and layer.base_layer.bias is None:
            layer.forward = _forward(layer)


def _forward(layer: Any) -> Any:
    name = layer.active_adapters[0]
    down, up, scale, base = layer.lora_A[name].weight, layer.lora_B[name].weight, layer.scaling[name], layer.base_layer
    return lambda x: _Adapted.apply(x, base.weight, down, up * scale)
