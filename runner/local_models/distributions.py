"""Rows in, a model's distributions out, and their distance.

There is a distribution over the next token at each token of a reply. The most likely tokens are kept with their probabilities.
All others are kept as one sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import log_softmax

from runner.data.records import Prompt
from runner.local_models import Network
from runner.local_models.micro_batches import Row, check_lengths, parts
from runner.local_models.reply_logits import reply_logits
from runner.terminal.progress import progress

FILE = "distributions.safetensors"
LEAST = 1e-6  # of the tokens that are kept as one sum: a smaller share is rounding, and its logarithm none


@dataclass(frozen=True, eq=False)
class Distributions:
    """The distributions of rows, one token after the other.

    `tokens` and `logs` have the shape (tokens of all replies, top): ids, and logarithms of probabilities. The tokens of a row
    begin at its place in `starts`, which has an end for the last row.
    """

    tokens: torch.Tensor
    logs: torch.Tensor
    starts: Sequence[int]

    def rows(self, numbers: Sequence[int]) -> torch.Tensor:
        """Return the places of the tokens of these rows."""
        return torch.cat([torch.arange(self.starts[number], self.starts[number + 1]) for number in numbers])


def measure(network: Network, rows: Sequence[tuple[Prompt, str]], top: int, folder: Path) -> None:
    """Write a network's distributions at the replies of rows."""
    encoded = [network.encode(prompt, reply) for prompt, reply in rows]
    check_lengths(encoded, network.context)
    module, device = network.module.eval(), next(network.module.parameters()).device
    kept: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
    with torch.inference_mode(), progress("reading the untuned model", len(rows)) as advance:
        for part in parts([Row(*row, number) for number, row in enumerate(encoded)]):
            logs = log_softmax(reply_logits(module, part, device, network.dtype), dim=-1).topk(min(top, vocabulary(network)))
            lengths = [len(row.reply) for row in part]
            pairs = zip(logs.indices.cpu().split(lengths), logs.values.cpu().split(lengths), strict=True)
            kept |= {row.number: pair for row, pair in zip(part, pairs, strict=True)}
            advance(len(part))
    tokens, logarithms = (torch.cat([kept[number][side] for number in range(len(rows))]) for side in (0, 1))
    lengths_of_all = torch.tensor([len(reply) for _, reply in encoded])
    save_file({"tokens": tokens.int(), "logs": logarithms.float(), "lengths": lengths_of_all}, folder / FILE)


def vocabulary(network: Network) -> int:
    """Return the number of tokens that a network can write."""
    return int(network.module.get_output_embeddings().weight.shape[0])


def distributions(folder: Path) -> Distributions:
    """Read what `measure` wrote."""
    stored = load_file(folder / FILE)
    starts = [0, *stored["lengths"].cumsum(0).tolist()]
    return Distributions(tokens=stored["tokens"].long(), logs=stored["logs"], starts=starts)


class Distance:
    """The mean Kullback-Leibler divergence from kept distributions.

    KL(kept || student), a token at a time, times a factor. The tokens that are not among the kept ones count as one.
    """

    def __init__(self, kept: Distributions, factor: float = 1.0) -> None:
        """Take the distributions of all rows."""
        self.kept, self.factor = kept, factor

    def weight(self, row: int) -> float:
        """Return the tokens of a reply."""
        return self.kept.starts[row + 1] - self.kept.starts[row]

    def mean(self, rows: Sequence[int], logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over all tokens of these replies."""
        places = self.kept.rows(rows)
        tokens, logs = (side[places].to(logits.device) for side in (self.kept.tokens, self.kept.logs))
        own = log_softmax(logits, dim=-1).gather(1, tokens)
        before, now = (torch.cat([side, _rest(side)], dim=1) for side in (logs, own))
        return self.factor * (before.exp() * (before - now)).sum(dim=1).mean()


def _rest(logs: torch.Tensor) -> torch.Tensor:
    """Return the logarithm of the probability that is left."""
    return (1 - logs.exp().sum(dim=1, keepdim=True)).clamp(min=LEAST).log()
