"""Generate the most likely reply to each prompt.

Greedy decoding by transformers' `generate`, with two savings: the beginning that all prompts share is read only once, and
a reply that has ended takes no more time.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any, TypeAlias

import torch
from transformers.cache_utils import DynamicCache

from runner.local_models.packing import full_attention

Prompts: TypeAlias = Sequence[Sequence[int]]  # token ids
Step: TypeAlias = Callable[[int], None]  # called with the number of rows that have ended


def write(
    module: Any, tokenizer: Any, prompts: Prompts, limit: int, constraints: Sequence[Any] = (), step: Step = lambda ended: None
) -> list[list[int]]:
    """Return at most `limit` token ids for each prompt.

    The ids come without the end of turn and without padding. `constraints` are logits processors of transformers. All
    prompts form one batch. When half of its rows have ended, `generate` stops, and is called again for the other rows.
    `step` is called after each token of the batch.
    """
    ends, replies, rows = _ends(module, tokenizer), [list[int]() for _ in prompts], list(range(len(prompts)))
    with torch.inference_mode():
        # Constraints keep a state for each row of the first call, so with them no row may be dropped.
        cache = None if constraints else _shared_beginning(module, prompts)
        ids, mask = _padded(tokenizer, prompts, cache.get_seq_length() if cache else 0, ends.device)
        width = ids.shape[1]
        while rows:
            output = module.generate(
                input_ids=ids,
                attention_mask=mask,
                cache=cache,
                max_new_tokens=limit - (ids.shape[1] - width),
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id,
                logits_processor=list(constraints),
                stopping_criteria=[_after_step(ids.shape[1], ends, len(prompts) - len(rows), step, halve=cache is not None)],
            )
            new = output[:, ids.shape[1] :]
            for row, tokens in zip(rows, new.tolist(), strict=True):
                replies[row] += tokens
            if not cache or output.shape[1] - width >= limit:
                break
            open_rows = (~_ended(new, ends)).nonzero().flatten()
            cache.batch_select_indices(open_rows.cpu())  # a CPU index fits layers on any device
            rows = [rows[index] for index in open_rows.tolist()]
            ids, mask = output[open_rows], torch.cat([mask, torch.ones_like(new)], dim=1)[open_rows]
    # A row that ended early was padded up to the stop of its batch.
    stop = set(ends.tolist())
    return [list(takewhile(lambda token: token not in stop, reply)) for reply in replies]


def _shared_beginning(module: Any, prompts: Prompts) -> Any:
    """Return a cache that holds the prompts' common beginning.

    It has a row for each prompt. It is None for a model with another kind of cache (a sliding window, a recurrent state):
    there the padding behind the common beginning would take the place of earlier tokens.
    """
    if not full_attention(module.config):
        return None
    cache = DynamicCache(config=module.config)
    # Without each prompt's last token: `generate` needs at least one token to read.
    alike = takewhile(lambda ids: len(set(ids)) == 1, zip(*(prompt[:-1] for prompt in prompts), strict=False))
    if shared := [ids[0] for ids in alike]:
        device = module.get_input_embeddings().weight.device
        # The base model has no output layer: no logits are needed here.
        module.base_model(input_ids=torch.tensor([shared], device=device), cache=cache, use_cache=True)
        cache.batch_repeat_interleave(len(prompts))
    return cache


def _padded(
    tokenizer: Any, prompts: Sequence[Sequence[int]], shared: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the prompts' ids, padded, and their attention mask.

    The first `shared` tokens are in the cache already, so padding must come behind them, before the rest of each prompt.
    """
    rest = tokenizer.pad({"input_ids": [prompt[shared:] for prompt in prompts]}, return_tensors="pt", padding_side="left")
    first = torch.tensor([prompt[:shared] for prompt in prompts], dtype=torch.long)
    ids, mask = torch.cat([first, rest.input_ids], dim=1), torch.cat([torch.ones_like(first), rest.attention_mask], dim=1)
    return ids.to(device), mask.to(device)


def _ends(module: Any, tokenizer: Any) -> torch.Tensor:
    """Return the ids that end or pad a reply.

    They lie on the device of the input embeddings. Chat models often have several: the end of a turn and that of a text.
    """
    ids = module.generation_config.eos_token_id
    ends = {tokenizer.eos_token_id, tokenizer.pad_token_id, *(ids if isinstance(ids, list) else [ids])} - {None}
    return torch.tensor(sorted(ends), device=module.get_input_embeddings().weight.device)


def _ended(new: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    return torch.isin(new, ends).any(dim=1)


def _after_step(start: int, ends: torch.Tensor, before: int, step: Step, *, halve: bool) -> Any:
    """Make a stopping criterion for the whole batch.

    It tells `step` how many rows have ended, with the `before` that are no longer in the batch. Where `halve`, half of the rows
    stop it.
    """

    def stop(ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        ended = _ended(ids[:, start:], ends)
        count = int(ended.sum())
        step(before + count)
        # The same value for each row, since `generate` stops only when all rows are done.
        return torch.full_like(ended, halve and 2 * count >= len(ended))

    return stop
