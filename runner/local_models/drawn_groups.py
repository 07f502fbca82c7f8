"""Questions in, groups of graded answers out.

The answers are drawn from a network while it is trained.
"""

import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from statistics import fmean, stdev
from typing import NamedTuple, Protocol

import torch

from runner.data.records import Prompt
from runner.errors import Fault
from runner.local_models import Network, Reward
from runner.local_models.former_weights import FormerWeights
from runner.local_models.micro_batches import Encoded, Row
from runner.local_models.policy_loss import PolicyLoss, PolicySettings
from runner.local_models.preference_losses import measure_tokens
from runner.terminal.progress import Advance

log = logging.getLogger("runner")

LITTLE = 1e-4  # as TRL adds, so that its trainer and this one agree


class GroupSettings(PolicySettings, Protocol):
    """The settings of the drawing, beside those of the loss."""

    @property
    def samples(self) -> int: ...  # answers in a group
    @property
    def batch(self) -> int: ...  # groups in a step
    @property
    def iterations(self) -> int: ...  # steps on the same answers


class Graded(NamedTuple):
    """A drawn answer with its reward."""

    row: Encoded
    reward: float


class DrawnGroups:
    """Groups of answers for each step.

    The answers of a group are to one question. A group whose rewards are all equal shows nothing. It is skipped, and another
    question is asked in its place: the dynamic sampling of DAPO (Yu et al., arXiv 2503.14476, equation 11).
    """

    def __init__(
        self, network: Network, loss: PolicyLoss, settings: GroupSettings, prompts: Sequence[Prompt], reward: Reward, seed: int
    ) -> None:
        """Take a network that is ready to train."""
        self.network, self.loss, self.settings, self.prompts, self.reward = network, loss, settings, prompts, reward
        self.former, self.seed = FormerWeights(network.module), seed
        self._drawn: list[Graded] = []  # for the present step, with those of skipped groups
        self._skipped, self._started = 0, False  # groups so far; a step was done

    def batches(self, advance: Advance) -> Iterator[list[Row]]:
        """Yield the rows of each step.

        They are drawn from the network as it is then, and end when the answers to each question have equal rewards. Raise a
        Fault if that is so before the first step.
        """
        torch.manual_seed(self.seed)
        places, module, number = self._places(), self.network.module, len(self.prompts)

        def alive(count: int, **numbers: float) -> None:
            advance(0)  # an answer is no step

        while True:
            module.eval()
            groups = self._groups(places, alive)
            if not groups:
                self._check_started()
                log.info("the answers to each of %d questions are all right or all wrong now: nothing is left to learn", number)
                return
            rows = [answer.row for group in groups for answer in group]
            with self.former.restored():
                reference = measure_tokens(self.network, rows, alive, self.settings.temperature)
            self.loss.take(rows, [each for group in groups for each in advantages(group)], reference)
            self._started = True
            module.train()
            for _ in range(self.settings.iterations):
                yield [Row(*row, place) for place, row in enumerate(rows)]

    def numbers(self) -> Mapping[str, float]:
        """Return the numbers of a step that was done."""
        return {
            "reward": fmean(answer.reward for answer in self._drawn),
            "kl": self.loss.distance(),
            "length": fmean(len(answer.row[1]) for answer in self._drawn),
            "skipped": self._skipped,
        }

    def _check_started(self) -> None:
        if self._started:
            return
        right = sum(answer.reward > 0 for answer in self._drawn)
        raise Fault(
            f"none of the {len(self.prompts)} practice questions got both right and wrong answers (of {len(self._drawn)} answers "
            f"{right} were right), so no answer is better than another and there is nothing to learn. Draw more answers "
            "(refine.samples), draw them at a higher temperature (refine.temperature), or choose refine=none"
        )

    def _places(self) -> Iterator[int]:
        """Yield the questions' places: each once, before any comes again."""
        order = random.Random(self.seed)
        while True:
            yield from order.sample(range(len(self.prompts)), len(self.prompts))

    def _groups(self, places: Iterator[int], advance: Advance) -> list[list[Graded]]:
        """Draw groups of unequal rewards: a batch, or those of all questions."""
        groups: list[list[Graded]] = []
        self._drawn, left = [], len(self.prompts)
        while left and (missing := self.settings.batch - len(groups)):
            asked = list(islice(places, min(missing, left)))
            left -= len(asked)
            drawn = self._draw(asked, advance)
            self._drawn += [answer for group in drawn for answer in group]
            unequal = [group for group in drawn if len({answer.reward for answer in group}) > 1]
            self._skipped += len(drawn) - len(unequal)
            groups += unequal
        self.loss.rewards += [answer.reward for answer in self._drawn]
        return groups

    def _draw(self, places: Sequence[int], advance: Advance) -> list[list[Graded]]:
        """Draw and grade a group for each of these questions.

        An answer without a verdict is left out.
        """
        asked = [place for place in places for _ in range(self.settings.samples)]
        drawn = self.network.draw([self.prompts[place] for place in asked], self.settings.temperature, advance)
        rewards = self.reward(asked, [text for _, text in drawn])
        graded = [(row, reward) for (row, _), reward in zip(drawn, rewards, strict=True)]
        groups = (graded[at : at + self.settings.samples] for at in range(0, len(graded), self.settings.samples))
        return [[Graded(row, reward) for row, reward in group if reward is not None] for group in groups]


def advantages(group: Sequence[Graded]) -> list[float]:
    """Return the advantages of a group's answers.

    An advantage is the distance from the mean reward, in standard deviations.
    """
    rewards = [answer.reward for answer in group]
    mean, deviation = fmean(rewards), stdev(rewards)
    return [(reward - mean) / (deviation + LITTLE) for reward in rewards]
