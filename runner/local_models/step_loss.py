"""Rows of a step in, its loss out, in parts."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch.nn.functional import cross_entropy

from runner.local_models import Network, Objective, RowLoss
from runner.local_models.micro_batches import Encoded, Row, computed, parts, slow_fused
from runner.local_models.reply_logits import reply_logits


class StepLoss:
    """Loss of a step, in parts of bounded memory."""

    def __init__(self, network: Network, labels: Sequence[Encoded], objective: Objective) -> None:
        """Take the network, the labels, and the objective."""
        self.module, self.dtype, self.penalty = network.module, network.dtype, objective.penalty
        self.together = objective.together
        self.device = next(self.module.parameters()).device
        # By kind of row: False is a label, True is a further row.
        self.kinds: dict[bool, RowLoss] = {False: objective.labels or CrossEntropy([reply for _, reply in labels])}
        if objective.further:
            self.kinds[True] = objective.further
        self.slow_fused = slow_fused(self.device.type, self.dtype)

    def parts(self, batch: Sequence[Row]) -> Iterator[tuple[float, Callable[[], None]]]:
        """Yield each part's value, and its backward pass."""
        for part in parts(batch, self.together):
            # The labels first, so that the logits of each kind lie together.
            rows = sorted(part, key=lambda row: row.further)
            with computed(self.module, part, self.slow_fused):
                logits = reply_logits(self.module, rows, self.device, self.dtype)
                border = sum(len(row.reply) for row in rows if not row.further)
                lying = {False: logits[:border], True: logits[border:]}
                means = [self._mean(kind, rows, batch, lying[kind]) for kind in self.kinds if len(lying[kind])]
                loss = sum((mean * share for mean, share in means[1:]), means[0][0] * means[0][1])
                yield sum(float(mean.detach()) * share for mean, share in means), loss.backward
        if self.penalty:
            loss = self.penalty()
            yield float(loss.detach()), loss.backward

    def _mean(self, kind: bool, rows: Sequence[Row], batch: Sequence[Row], logits: torch.Tensor) -> tuple[torch.Tensor, float]:
        """Return the mean loss of a kind in a part.

        The share beside it gives the step the mean over all of its rows of that kind, whatever its parts.
        """
        loss = self.kinds[kind]
        chosen = [row.number for row in rows if row.further is kind]
        total = sum(loss.weight(row.number) for row in batch if row.further is kind)
        return loss.mean(chosen, logits), sum(map(loss.weight, chosen)) / total


class CrossEntropy:
    """The mean cross-entropy of the tokens of replies."""

    def __init__(self, replies: Sequence[list[int]]) -> None:
        """Take the replies of all rows, as token ids."""
        self.replies = replies

    def weight(self, row: int) -> float:
        """Return the tokens of a reply."""
        return len(self.replies[row])

    def mean(self, rows: Sequence[int], logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over all tokens of these replies."""
        targets = [token for row in rows for token in self.replies[row]]
        return cross_entropy(logits, torch.tensor(targets, device=logits.device))
