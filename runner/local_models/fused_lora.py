"""PEFT's adapters with their layer in one step of autograd: the same loss and gradients sooner."""

from typing import Any

import torch


class _Adapted(torch.autograd.Function):  # type: ignore[misc]
    """x to x W' + s (x A') B', in autocast's type where it is on; W is not trained, so its gradient is never made."""

    @staticmethod
    def forward(context: Any, x: torch.Tensor, weight: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        device = x.device.type
        kind = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype
        rows, whole, down, up = (tensor.to(kind) for tensor in (x.flatten(0, -2), weight, a, b))
        low = rows @ down.T
        context.save_for_backward(rows, whole, down, up, low)
        context.kinds = x.dtype, a.dtype
        return torch.mm(rows, whole.T).addmm_(low, up.T).unflatten(0, x.shape[:-1])

    @staticmethod
    def backward(context: Any, *slopes: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        rows, whole, down, up, low = context.saved_tensors
        of_input, of_adapter = context.kinds
        slope = slopes[0].to(rows.dtype).flatten(0, -2)
        of_low = slope @ up
        for_x = torch.mm(slope, whole).addmm_(of_low, down).unflatten(0, slopes[0].shape[:-1])
        return for_x.to(of_input), None, (of_low.T @ rows).to(of_adapter), (slope.T @ low).to(of_adapter)


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
