"""Group relative policy optimisation: questions and a grader in, a loss of the model's own answers out.

Shao et al., arXiv 2402.03300. The model draws several answers to a question while it is trained. An answer that the grader
prefers to the others of its group becomes likelier. There is no model of rewards, and none of values.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.training import Supervised
from runner.local_models import Network, Objective, Reward
from runner.refine.settings import FurtherTraining


@component
class PolicyOptimisation(FurtherTraining):
    """Train on groups of the model's own graded answers."""

    samples: Annotated[int, Field(ge=2)]  # one answer would have none to be better than
    epsilon: Annotated[float, Field(gt=0, lt=1)]
    iterations: PositiveInt
    loss_type: Literal["dapo", "grpo"]

    def reinforced(self, network: Network, questions: Sequence[Supervised], reward: Reward, seed: int) -> Objective:
        """Make answers with a higher reward than their group likelier."""
        from runner.local_models.drawn_groups import DrawnGroups  # here, since it imports torch
        from runner.local_models.policy_loss import PolicyLoss

        loss = PolicyLoss(self)
        prompts = [question.prompt for question in questions]
        return Objective(labels=loss, drawn=DrawnGroups(network, loss, self, prompts, reward, seed))
