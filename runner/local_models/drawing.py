"""A temperature in, replies that are drawn at random out.

A greedy choice among logits with Gumbel noise is a draw from their distribution (Maddison et al., arXiv 1411.0030). So what
writes the most likely reply draws one too.
"""

from typing import Any

import torch


class Drawn:
    """A logits processor that makes a greedy choice a draw.

    The noise is that of torch's global generator.
    """

    def __init__(self, temperature: float) -> None:
        """Draw at a temperature above 0."""
        self.temperature = temperature

    def __call__(self, ids: Any, scores: torch.Tensor) -> torch.Tensor:
        """Add the noise to the logits of the next token."""
        # An exponential variable e gives Gumbel noise -log e.
        return scores.float() / self.temperature - torch.empty_like(scores, dtype=torch.float32).exponential_().log()
