"""A tuned checkpoint learns from the grades of its own answers to practice questions, and of no others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Answer, Grade, Question, Tuning
from runner.data.training import Supervised
from runner.local_models import Objective, Reward
from runner.model import Model
from runner.pipeline.reinforcing import rewards
from runner.preview.forecast import Forecast, ForecastExecutor
from tests.pipeline.practising import LABELS, PractisingTuner, after, learned, practising, question, tuned

ANSWERS = ["0", "x", "1", "<think>It is 2.</think>x", ""]


class Loss:
    """A loss that notes the rewards of given answers."""

    def __init__(self, reward: Reward) -> None:
        """Ask for the reward of answers to the first questions."""
        self.rewards = reward([0, 0, 1, 2, 3], ANSWERS)


@identified
@dataclass(frozen=True)
class Rewarding:
    """A refinement that asks for the reward of given answers, and trains nothing."""

    samples: int = 2
    temperature: float = 1.0
    batch: int = 2
    schedule: ClassVar[dict[str, Any]] = {"epochs": 1, "batch": 2, "rate": 1e-4, "steps": None}
    refines: ClassVar[bool] = True

    def reinforced(self, network: Any, questions: Sequence[Supervised], reward: Reward, seed: int) -> Objective:
        """Note the rewards."""
        return Objective(labels=Loss(reward))  # type: ignore[arg-type]  # nothing is trained


@identified
@dataclass
class RewardedTuner(PractisingTuner):
    """A tuner that makes the objective."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given"})
    given: list[tuple[Any, list[Supervised], Any]] = field(default_factory=list)

    def tune_for(
        self, objective: Callable[[Any], Any], model: Any, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Make the objective, and note the examples."""
        objective(SimpleNamespace())
        return self.tune(model, examples, seed, folder)


def rewarded(study: Study, **changed: Any) -> Study:
    """The study with a training on rewards."""
    return practising(study, **{"refine": Rewarding(), "tuner": RewardedTuner(), **changed})


def test_answers_that_pass_are_rewarded_and_what_was_thought_is_not_graded(study: Study) -> None:
    questions = [question(number) for number in range(4)]
    assert rewards(study, questions)([0, 0, 1, 2, 3], ANSWERS) == [1.0, 0.0, 1.0, 0.0, 0.0]


def test_an_answer_without_a_verdict_has_no_reward(study: Study) -> None:
    class Unsure:
        """A grader that gives the grades in another order, and no verdict on the first answer."""

        def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
            """Grade the last answer first."""
            return [Grade(question=each.id, passed=None if each.id == "0" else True) for each in reversed(questions)]

    graded = rewards(replace(study, grader=Unsure()), [question(0), question(1)])
    assert graded([1, 1, 0], ["a", "b", "c"]) == [None, 1.0, 1.0]


def test_the_tuned_model_learns_from_the_practice_questions_alone(study: Study) -> None:
    study = rewarded(study)
    first, second = tuned(study), after(study)
    assert learned(study) == [(label.question, label.answer) for label in LABELS]
    tuner, _, model = study.tuner.given[-1]
    assert (tuner.batch, tuner.rate) == (2, 1e-4)
    assert model.tuned == first.value.model.tuned
    assert second.value.trainings == (first.key, second.key)
    assert second.value.refining.lessons == len(ANSWERS)
    assert second.value.refining.rewards == (1.0, 0.0, 1.0, 0.0, 0.0)
    assert study.model.asked == []  # it draws within the training


def test_another_grader_is_another_training_and_the_same_one_is_done_once(study: Study) -> None:
    study = rewarded(study)
    other = replace(study, grader=replace(study.grader, words=7))
    assert after(study).key == after(study).key != after(other).key
    assert len(study.tuner.given) == 3


def test_a_forecast_counts_the_training_and_does_nothing(study: Study) -> None:
    study, forecast = rewarded(study), Forecast()
    after(study, ForecastExecutor(study, forecast, {}))
    assert len(forecast.trainings) == 2
    assert study.tuner.given == []
