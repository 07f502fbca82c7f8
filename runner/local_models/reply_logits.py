"""Rows in, the logits that predict their replies out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from runner.local_models.packing import PADDING, Layout, divided, lay_out, separable


def reply_logits(module: Any, rows: Sequence[tuple[Any, ...]], device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Return the logits of all replies, row by row.

    A row begins with the token ids of its prompt and of its reply. The shape is (tokens of all replies, vocabulary).
    """
    sequences = divided(rows) if separable(module) else [[row] for row in rows]
    layout = Layout(*(tensor.to(device) for tensor in lay_out(sequences)))
    if len(sequences) < len(rows):
        places = {"position_ids": layout.places, "attention_mask": layout.mask()}
    else:
        places = {"attention_mask": (layout.owners != PADDING).long()}
    # Autocast: fp32 weights are kept, and only the matrix products are computed in bf16.
    autocast = torch.autocast(device.type, dtype=torch.bfloat16, enabled=dtype is torch.bfloat16)
    with autocast, _only(layout.scored, module.get_output_embeddings()):
        logits: torch.Tensor = module(input_ids=layout.ids, **places, use_cache=False).logits
    # A model over several GPUs gives its logits on the last of them.
    return logits.float()


@contextmanager
def _only(positions: torch.Tensor, head: Any) -> Iterator[None]:
    """Compute logits at these positions only, while this is open.

    The output layer is the widest one, and prompts are longer than replies: training takes 1.2 to 1.4 times as long without
    this. A hook, rather than a call of the layer, keeps what a model does to its logits afterwards (scaling, capping).
    """
    hook = head.register_forward_pre_hook(lambda _, inputs: (inputs[0][positions.to(inputs[0].device)],))
    try:
        yield
    finally:
        hook.remove()
