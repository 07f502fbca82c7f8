"""Compute LoRA's layers in a single autograd step.

Loss and gradients stay those of PEFT (up to rounding), and a training step takes less time.
"""

from typing import Any

import torch
from peft.tuners.lora import LoraLayer


class _LinearWithAdapter(torch.autograd.Function):  # type: ignore[misc]
    """A linear layer with its LoRA adapter.

    Computes x W' + (x A') B' (Hu et al., arXiv 2106.09685), where `b` is B times the adapter's scale. Autocast's type is
    used where autocast is on. The weight W is not trained, so its gradient is never computed.
    """

    @staticmethod
    def forward(context: Any, x: torch.Tensor, weight: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        # Cast by hand: autocast leaves in-place operations such as addmm_ alone, and backward runs outside of it.
        device = x.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype
        # One row for each token: matrix products take two dimensions.
        rows, base, down, up = (tensor.to(dtype) for tensor in (x.flatten(0, -2), weight, a, b))
        low = rows @ down.T
        context.save_for_backward(rows, base, down, up, low)
        context.dtypes = x.dtype, a.dtype
        # addmm_ adds in place: the two products share one output, where PEFT makes and adds two.
        return torch.mm(rows, base.T).addmm_(low, up.T).unflatten(0, x.shape[:-1])

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        rows, base, down, up, low = context.saved_tensors
        input_dtype, adapter_dtype = context.dtypes
        output = gradients[0].to(rows.dtype).flatten(0, -2)
        inner = output @ up
        x = torch.mm(output, base).addmm_(inner, down).unflatten(0, gradients[0].shape[:-1])
        # In forward's order of arguments; None is the gradient of the weight, which is not trained.
        return x.to(input_dtype), None, (inner.T @ rows).to(adapter_dtype), (output.T @ low).to(adapter_dtype)


def fuse(adapted: Any) -> None:
    """Replace `forward` of each adapted linear layer without bias.

    The adapters stay PEFT's own, to be saved and loaded by PEFT. Not for adapters with dropout: PEFT draws it for the
    adapter's input alone, which a single function of x can't do.
    """
    for layer in adapted.modules():
        # Exactly torch's own class: its subclasses, such as quantised layers, store their weights in other ways.
        if isinstance(layer, LoraLayer) and type(layer.base_layer) is torch.nn.Linear and layer.base_layer.bias is None:
            layer.forward = _forward(layer)


def _forward(layer: Any) -> Any:
    name = layer.active_adapters[0]
    down, up, scale, base = layer.lora_A[name].weight, layer.lora_B[name].weight, layer.scaling[name], layer.base_layer
    return lambda x: _LinearWithAdapter.apply(x, base.weight, down, up * scale)
