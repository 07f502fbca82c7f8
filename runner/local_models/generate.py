"""Prompts' ids in, the likeliest ids after each out: what the prompts begin with is read once, and rows that ended are let go."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import torch


def write(
    module: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], limit: int, constraints: Sequence[Any] = ()
) -> list[list[int]]:
    """At most `limit` ids after each prompt, without end of turn and padding; `constraints` are transformers' logits processors.

    One batch for transformers' `generate`, which stops when half of its rows have ended and goes on with the others alone.
    """
    ends, found, rows = _ends(module, tokenizer), [list[int]() for _ in prompts], list(range(len(prompts)))
    with torch.inference_mode():
        cache = None if constraints else _begun(module, prompts)  # constraints count on the rows that they began with
        ids, seen = _padded(tokenizer, prompts, cache.get_seq_length() if cache else 0, ends.device)
        width = ids.shape[1]
        while rows:
            done = ids.shape[1] - width
            output = module.generate(
                input_ids=ids,
                attention_mask=seen,
                cache=cache,
                max_new_tokens=limit - done,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id,
                logits_processor=list(constraints),
                stopping_criteria=[_half_ended(ids.shape[1], ends)] if cache else [],
            )
            new = output[:, ids.shape[1] :]
            for row, written in zip(rows, new.tolist(), strict=True):
                found[row] += written
            if not cache or output.shape[1] - width >= limit:
                break
            left = (~_ended(new, ends)).nonzero().flatten()
            cache.batch_select_indices(left.cpu())  # layers may lie on several devices
            rows = [rows[place] for place in left.tolist()]
            ids, seen = output[left], torch.cat([seen, torch.ones_like(new)], dim=1)[left]
    stop = set(ends.tolist())
    return [list(takewhile(lambda token: token not in stop, row)) for row in found]


def _begun(module: Any, prompts: Sequence[Sequence[int]]) -> Any:
    """A cache that holds for each prompt what all begin with; None where the model keeps something else, a window or a state."""
    from transformers.cache_utils import DynamicCache, DynamicLayer

    cache = DynamicCache(config=module.config)
    if any(type(layer) is not DynamicLayer for layer in cache.layers):
        return None
    alike = takewhile(lambda ids: len(set(ids)) == 1, zip(*(prompt[:-1] for prompt in prompts), strict=False))
    if shared := [ids[0] for ids in alike]:
        device = module.get_input_embeddings().weight.device
        module.base_model(input_ids=torch.tensor([shared], device=device), cache=cache, use_cache=True)
        cache.batch_repeat_interleave(len(prompts))
    return cache


def _padded(
    tokenizer: Any, prompts: Sequence[Sequence[int]], shared: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The prompts' ids and which of them count, with what pads them between what they share and the rest."""
    rest = tokenizer.pad({"input_ids": [prompt[shared:] for prompt in prompts]}, return_tensors="pt", padding_side="left")
    first = torch.tensor([prompt[:shared] for prompt in prompts], dtype=torch.long)
    ids, seen = torch.cat([first, rest.input_ids], dim=1), torch.cat([torch.ones_like(first), rest.attention_mask], dim=1)
    return ids.to(device), seen.to(device)


def _ends(module: Any, tokenizer: Any) -> torch.Tensor:
    """The ids that end a reply, or pad it, on the device where ids go in."""
    own = module.generation_config.eos_token_id
    ends = {tokenizer.eos_token_id, tokenizer.pad_token_id, *(own if isinstance(own, list) else [own])} - {None}
    return torch.tensor(sorted(ends), device=module.get_input_embeddings().weight.device)


def _ended(new: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    return torch.isin(new, ends).any(dim=1)


def _half_ended(start: int, ends: torch.Tensor) -> Any:
    """A stopping criterion of transformers' for a whole batch at once."""

    def stop(ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        ended = _ended(ids[:, start:], ends)
        return torch.full_like(ended, bool(2 * ended.sum() >= len(ended)))

    return stop
