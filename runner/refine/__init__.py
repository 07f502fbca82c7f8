"""Contracts of what follows the first tuning: a tuned model and its answers in, what it learns out.

What only some choices do is a small Protocol of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from runner.data.training import Judged, Preference, Supervised
from runner.local_models import Network, Objective, Reward

Chosen = Literal["own", "label", "passage"]
Source = Literal["teacher", "larger"]


@runtime_checkable
class Refine(Protocol):
    """A step after the first tuning. A class must have `samples`."""

    # The build step sets this value on a class that does not name it.
    refines: bool = True  # False where the tuned model stays as it is

    samples: int  # answers that the tuned model draws to each practice question; with 0 it is asked nothing


@runtime_checkable
class LearnsPreferences(Protocol):
    """A training on replies that are preferred or rejected."""

    pairs: bool  # it needs a preferred and a rejected reply to one prompt; else each counts by itself
    samples: int
    temperature: float  # of the drawn answers
    chosen: Chosen  # what is preferred to a wrong answer: a right one of its own, the label's, or one with the passage
    prompt: str  # of chosen=passage, with places for {passage} and {question}
    batch: int  # examples in a step
    schedule: Mapping[str, Any]  # settings of the tuner that this training has in place of the tuner's own

    def lessons(self, preferences: Sequence[Preference], judged: Sequence[Judged]) -> Sequence[Judged]:
        """Return what is trained on.

        Where `pairs` is set, each preferred reply is followed by the rejected one.
        """

    def objective(self, network: Network, lessons: Sequence[Judged]) -> Objective:
        """Return the objective for a network before its training.

        Its loss of the labels is `Rewarded`.
        """


@runtime_checkable
class LearnsRewards(Protocol):
    """A training on rewards: grades of the model's own answers.

    The answers are drawn while it is trained.
    """

    samples: int  # answers that are drawn to a question at a time
    temperature: float  # of these answers
    batch: int  # questions in a step
    schedule: Mapping[str, Any]  # as in LearnsPreferences

    def reinforced(self, network: Network, questions: Sequence[Supervised], reward: Reward, seed: int) -> Objective:
        """Return the objective for a network before its training.

        It has `drawn`, and its loss of the labels is `Rewarded`.
        """


@runtime_checkable
class OfferedByHosts(Protocol):
    """A training on pairs that OpenAI's API has too."""

    steps: int | None  # a host counts epochs alone, so there it must be None

    @property
    def hyperparameters(self) -> Mapping[str, float]:
        """Return n_epochs, batch_size and beta."""


@runtime_checkable
class LabelsAgain(Protocol):
    """Rounds of new labels on what practice failed.

    `practice` and `add` are multiples of a unit, as sizes are: a fact's labels, or a section's tokens.
    """

    rounds: int  # at most
    labels: int | None  # new ones in all rounds at most
    source: Source | None  # of new labels; None for the teacher, or larger sizes if its replies are recorded
    scale: float  # of the labels that source=larger and `once` take from
    practice: float  # kept apart from training
    samples: int  # answers that are drawn to each practice question, beside the greedy one
    temperature: float  # of the drawn answers
    sure: float  # the least share of drawn answers that are right, or the question counts as answered unsurely
    add: float  # for each failed unit in a round
    replay: float  # the share of the labels so far that is trained again in each round
    once: bool  # True: as many labels in one training, chosen without practice
    prompt: str  # to the teacher, with places for {text} and {missed}
    pairs: int  # in one request
    reply_tokens: int
    longest: int  # characters of an answer
    again: int  # retries if a reply can't be read
