"""Answers with advantages in, the loss of GRPO out.

An answer is better or worse than others to the same question. It is made likelier or less likely, by little at a time and near
to a reference: the network as it was before this training.
"""

from collections.abc import Sequence
from typing import Protocol

import torch

from runner.local_models.micro_batches import Encoded
from runner.local_models.preference_losses import by_token


class PolicySettings(Protocol):
    """The settings of the loss."""

    @property
    def beta(self) -> float: ...  # the weight of the distance to the reference
    @property
    def epsilon(self) -> float: ...  # a larger change of a token's probability, as a share, is no longer rewarded
    @property
    def temperature(self) -> float: ...  # of the drawn answers
    @property
    def loss_type(self) -> str: ...  # dapo: all tokens of a step count alike; grpo: all answers do


class PolicyLoss:
    """The loss of group relative policy optimisation.

    Shao et al., arXiv 2402.03300, equation 3: -min(ratio A, clip(ratio, 1 - epsilon, 1 + epsilon) A) + beta KL for each token. A
    is the advantage of its answer, and ratio the token's probability divided by that at the time when it was drawn. KL is the
    estimate of equation 4, times the ratio (DeepSeek-V3.2, arXiv 2512.02556). The mean over tokens is that of DAPO (Yu et al.,
    arXiv 2503.14476, equation 8), or the paper's.
    """

    def __init__(self, settings: PolicySettings) -> None:
        """Begin without answers."""
        self.settings = settings
        self.rewards: list[float] = []  # of all answers that were drawn
        self.rows: Sequence[Encoded] = ()
        self.advantages: Sequence[float] = ()
        self.reference: Sequence[torch.Tensor] = ()  # log-probabilities of an answer's tokens before the training
        self._drawn: dict[int, torch.Tensor] = {}  # the same when they were drawn
        self._distances: list[torch.Tensor] = []

    def take(self, rows: Sequence[Encoded], advantages: Sequence[float], reference: Sequence[torch.Tensor]) -> None:
        """Take the answers of the next steps."""
        self.rows, self.advantages, self.reference = rows, advantages, reference
        self._drawn.clear()

    def weight(self, row: int) -> float:
        """Return an answer's tokens, or 1 where answers count alike."""
        return len(self.rows[row][1]) if self.settings.loss_type == "dapo" else 1.0

    def mean(self, rows: Sequence[int], logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over these answers."""
        own = by_token(logits / self.settings.temperature, [self.rows[row][1] for row in rows])
        losses = [self._of_tokens(row, tokens) for row, tokens in zip(rows, own, strict=True)]
        each = losses if self.settings.loss_type == "dapo" else [loss.mean(0, keepdim=True) for loss in losses]
        return torch.cat(each).mean()

    def distance(self) -> float:
        """Return the last step's mean distance from the reference."""
        mean = float(torch.cat(self._distances).mean())
        self._distances.clear()
        return mean

    def _of_tokens(self, row: int, own: torch.Tensor) -> torch.Tensor:
        """Return the loss of each token of an answer."""
        # The first step after a drawing sees the network that drew.
        drawn = self._drawn.setdefault(row, own.detach())
        ratio, advantage, epsilon = torch.exp(own - drawn), self.advantages[row], self.settings.epsilon
        gain = torch.min(ratio * advantage, ratio.clamp(1 - epsilon, 1 + epsilon) * advantage)
        away = self.reference[row] - own
        distance = torch.exp(away) - away - 1
        self._distances.append(distance.detach())
        # With the ratio, the gradient is that of the distance itself.
        return self.settings.beta * ratio * distance - gain
