"""Judged replies in, the losses of DPO and KTO out.

Both compare the log-probabilities of replies with those of a reference: the network as it was before this training. These are
computed once, when the loss is made.
"""

from collections.abc import Sequence

import torch
from torch.nn.functional import cross_entropy, logsigmoid

from runner.local_models import Network
from runner.local_models.micro_batches import Encoded, Row, check_lengths, computed, parts, slow_fused
from runner.local_models.reply_logits import reply_logits
from runner.terminal.progress import Advance, progress


def by_token(logits: torch.Tensor, replies: Sequence[list[int]]) -> Sequence[torch.Tensor]:
    """Return the log-probabilities of the tokens of each reply.

    `logits` predict the tokens of the replies, one reply after the other.
    """
    targets = torch.tensor([token for reply in replies for token in reply], device=logits.device)
    losses = cross_entropy(logits, targets, reduction="none")
    return [-tokens for tokens in losses.split([len(reply) for reply in replies])]


def log_probabilities(logits: torch.Tensor, replies: Sequence[list[int]]) -> torch.Tensor:
    """Return the log-probability of each whole reply."""
    return torch.stack([tokens.sum() for tokens in by_token(logits, replies)])


def measure_tokens(
    network: Network, rows: Sequence[Encoded], advance: Advance, temperature: float = 1.0
) -> Sequence[torch.Tensor]:
    """Compute the log-probabilities of each reply's tokens.

    They have no gradient. `advance` is called with the replies that are done.
    """
    module, device = network.module.eval(), next(network.module.parameters()).device
    values: dict[int, torch.Tensor] = {}
    with torch.no_grad():
        for part in parts([Row(*row, number) for number, row in enumerate(rows)]):
            # As in the training: another kind of attention gives other digits.
            with computed(module, part, slow_fused(device.type, network.dtype)):
                logits = reply_logits(module, part, device, network.dtype)
            tokens = by_token(logits / temperature, [row.reply for row in part])
            values |= dict(zip((row.number for row in part), tokens, strict=True))
            advance(len(part))
    return [values[number] for number in range(len(rows))]


def unrelated(rows: Sequence[Encoded], context: int | None) -> Sequence[Encoded]:
    """Return each prompt with the reply of another row.

    No row is longer than the context. Nor are these: the reply is the first one that fits, else the first one of all, cut.
    """
    joined = []
    for number, (prompt, _) in enumerate(rows):
        # From half of all rows before on: replies to one prompt stand side by side, and would not be unrelated.
        first = number - len(rows) // 2
        reply = rows[first][1]
        if context and len(prompt) + len(reply) > context:
            room = context - len(prompt)
            fitting = (own for other, own in [*rows[first:], *rows[:first]] if other != prompt and len(own) <= room)
            reply = next(fitting, reply[:room])
        joined.append((prompt, reply))
    return joined


def reference(network: Network, rows: Sequence[Encoded]) -> torch.Tensor:
    """Return each reply's log-probability before a training."""
    check_lengths(rows, network.context)
    with progress("reading the reference", len(rows)) as advance:
        return torch.stack([tokens.sum() for tokens in measure_tokens(network, rows, advance)])


class PairLoss:
    """The loss of direct preference optimisation.

    Rafailov et al., arXiv 2305.18290, equation 7: -log sigmoid(beta (gain of the chosen - gain of the rejected)), where the
    gain of a reply is its log-probability minus that in the reference. Each preferred reply is followed by the rejected one.
    """

    def __init__(self, network: Network, rows: Sequence[Encoded], beta: float) -> None:
        """Take the network before its training, and all rows."""
        self.replies, self.beta = [reply for _, reply in rows], beta
        self.reference = reference(network, rows)
        self.rewards: list[float] = []

    def weight(self, row: int) -> float:
        """Return half a pair."""
        return 0.5

    def mean(self, rows: Sequence[int], logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over the pairs of these rows."""
        gains = log_probabilities(logits, [self.replies[row] for row in rows]) - self.reference[list(rows)]
        margins = self.beta * (gains[0::2] - gains[1::2])
        self.rewards += margins.detach().tolist()
        return -logsigmoid(margins).mean()


class JudgedLoss:
    """The loss of Kahneman-Tversky optimisation.

    Ethayarajh et al., arXiv 2402.01306, equation 8: 1 - sigmoid(beta (gain - z)) for a preferred reply, 1 - sigmoid(beta (z -
    gain)) for a rejected one. z is the distance to the reference, estimated without a gradient: the mean gain of prompts with
    the reply of another row, and never below 0. Rows that are computed together share an estimate, as those of a microbatch do
    in the paper.
    """

    def __init__(self, network: Network, rows: Sequence[Encoded], good: Sequence[bool], beta: float, rejected: float) -> None:
        """Take the network before its training; `rejected` is the weight of a rejected reply."""
        self.network, self.replies, self.beta = network, [reply for _, reply in rows], beta
        self.good = torch.tensor(good)
        self.weights = torch.where(self.good, 1.0, rejected)
        self.others = unrelated(rows, network.context)
        self.reference, self.of_others = reference(network, rows), reference(network, self.others)
        self.rewards: list[float] = []

    def weight(self, row: int) -> float:
        """Return 1: all rows count in the mean."""
        return 1.0

    def mean(self, rows: Sequence[int], logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over these rows."""
        chosen = list(rows)
        gains = log_probabilities(logits, [self.replies[row] for row in chosen]) - self.reference[chosen]
        others = self._others(chosen) - self.of_others[chosen]
        sign = torch.where(self.good[chosen], 1.0, -1.0).to(gains.device)
        self.rewards += (self.beta * sign * gains.detach()).tolist()
        losses = 1 - torch.sigmoid(self.beta * sign * (gains - others.mean().clamp(min=0)))
        return (self.weights[chosen].to(gains.device) * losses).mean()

    def _others(self, rows: Sequence[int]) -> torch.Tensor:
        """Return the log-probabilities of the replies of other rows."""
        others = [self.others[row] for row in rows]
        with torch.no_grad():
            logits = reply_logits(self.network.module, others, self.reference.device, self.network.dtype)
        return log_probabilities(logits, [reply for _, reply in others])
