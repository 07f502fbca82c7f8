"""Rows in, sequences out in which they share tokens.

Prompts begin alike: with the opening of the chat template and a system message. In a sequence these tokens are computed once,
and each row goes on from them. A mask hides the rows of a sequence from each other, so the logits of a row stay the same, up to
rounding.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple, TypeAlias

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers.cache_utils import DynamicCache, DynamicLayer

from runner.local_models.micro_batches import length

Rows: TypeAlias = Sequence[tuple[Any, ...]]  # each begins with the token ids of its prompt and of its reply

# Attention to so many tokens takes as long as all else that a model does for a token. Measured with the embedded model in fp32,
# in sequences of 512 and 1,024 tokens; a wider model attends to more in that time.
ATTENTION = 1800
SHARED, PADDING = -1, -2  # owners of tokens that belong to no single row
HIDDEN = torch.finfo(torch.bfloat16).min  # added to an attention score; fp32 holds it too


class Layout(NamedTuple):
    """The tokens of sequences; each tensor has the shape (sequences, tokens)."""

    ids: torch.Tensor
    places: torch.Tensor  # of each token in its row
    owners: torch.Tensor  # the row of each token, counted in its sequence
    scored: torch.Tensor  # true where a token of a reply is predicted

    def mask(self) -> torch.Tensor:
        """Return what is added to attention scores.

        A token sees itself and the tokens before it, of its own row and of the shared beginning.
        """
        mine, others = self.owners[:, :, None], self.owners[:, None]
        seen = ((mine == others) | (others == SHARED)).tril()
        return torch.zeros(seen.shape, device=seen.device).masked_fill(~seen, HIDDEN)[:, None]


def divided(rows: Rows) -> list[Rows]:
    """Divide rows among the sequences that take the least time.

    The rows stay in order. A sequence of many rows repeats few tokens and has no padding, but each of its tokens is compared
    with all others.
    """
    sizes = range(1, len(rows) + 1)
    return min(([rows[at : at + size] for at in range(0, len(rows), size)] for size in sizes), key=_cost)


def _cost(sequences: Sequence[Rows]) -> int:
    widths = [sum(map(length, rows)) - (len(rows) - 1) * _alike(rows) for rows in sequences]
    return len(widths) * max(widths) * (ATTENTION + max(widths))


def _alike(rows: Rows) -> int:
    """Count the tokens that the prompts of rows begin with.

    The last one of a prompt is left out: it predicts the first token of a reply, and that is the row's own.
    """
    prompts = [row[0][:-1] for row in rows]
    # All others lie between the first and the last in order, so they begin with what these two begin with.
    pairs = zip(min(prompts), max(prompts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def lay_out(sequences: Sequence[Rows]) -> Layout:
    """Write the rows of each sequence one after the other."""
    columns = [torch.tensor(_tokens(rows)).T for rows in sequences]
    padding = (0, 0, PADDING, 0)
    ids, places, owners, scored = (
        pad_sequence([column[kind] for column in columns], batch_first=True, padding_value=value)
        for kind, value in enumerate(padding)
    )
    return Layout(ids, places, owners, scored.bool())


def _tokens(rows: Rows) -> list[tuple[int, int, int, int]]:
    """Return each token's id, place, owner, and 1 if scored."""
    shared = _alike(rows)
    tokens = [(token, place, SHARED, 0) for place, token in enumerate(rows[0][0][:shared])]
    for owner, (prompt, reply, *_) in enumerate(rows):
        # Shifted by one: each position predicts the token after it.
        first, last = len(prompt) - 1, length((prompt, reply)) - 2
        rest = list(enumerate([*prompt, *reply]))[shared:]
        tokens += [(token, place, owner, int(first <= place <= last)) for place, token in rest]
    return tokens


def full_attention(config: Any) -> bool:
    """Return true where all layers attend to all earlier tokens."""
    # Exactly this class: layers with a sliding window are a subclass of it.
    return all(type(layer) is DynamicLayer for layer in DynamicCache(config=config).layers)


def separable(module: Any) -> bool:
    """Return true where a mask and positions suffice.

    They then tell the rows of a sequence apart. This holds for rotary positions (Su et al., arXiv 2104.09864) and full
    attention: other models take their positions from the order of the tokens, or hide tokens by themselves. Dropout excludes a
    model, since rows that share tokens would share its draws.
    """
    settings = module.config.to_dict()
    # Falcon has settings for both kinds of positions.
    if not settings.get("rope_parameters") or settings.get("alibi") or not full_attention(module.config):
        return False
    rates = [rate for name, rate in settings.items() if "dropout" in name]
    rates += [layer.p for layer in module.modules() if isinstance(layer, torch.nn.Dropout)]
    return not (module.training and any(rates))
