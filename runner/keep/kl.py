"""Penalty on the distance from the untuned model's answers.

As in Learning without Forgetting (Li and Hoiem, arXiv 1606.09282), which trains on new data and holds a network to its former
outputs. Here these are the untuned model's distributions at each token of its own greedy answers. The penalty is
KL(untuned || tuned), their mean over these tokens.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.training import OwnReply, Supervised
from runner.local_models import Network, Objective


@component
class Divergence:
    """Hold the model to its former answers to general prompts."""

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})
    general: ClassVar[bool] = True
    graded: ClassVar[bool] = False  # wrong answers count too: they are how the model answers

    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    rows: PositiveInt  # general prompts that share the batch of each step
    top: PositiveInt
    path: str | None = None

    def asked(self, labels: Sequence[Supervised], general: Sequence[Supervised]) -> Sequence[Supervised]:
        """Return the general questions."""
        return general

    def examples(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the labels; the general prompts have a loss of their own."""
        return labels

    def taught(
        self, labels: Sequence[Supervised], general: Sequence[Supervised], own: Sequence[OwnReply]
    ) -> Sequence[Supervised]:
        """Return the general questions with the untuned model's answers."""
        return [Supervised(pair.prompt, reply.text) for pair, reply in zip(general, own, strict=True)]

    def objective(self, network: Network, taught: Sequence[Supervised], distributions: Any) -> Objective:
        """Add the distance at some general prompts in each step."""
        from runner.local_models.distributions import Distance  # here, since it imports torch

        rows = [network.encode(prompt, reply) for prompt, reply in taught]
        return Objective(rows=rows, count=self.rows, further=Distance(distributions, self.weight))
