"""What the stages of an arm give: checkpoints, exam results, trainings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runner.data.records import Answer, Grade, Labelling, Question, Subset, Tuning
from runner.model import Model
from runner.spending.usage import Usage


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A model as a value: the model as it is asked, and the trainings that led to it.

    `trainings` are the keys of the training stages, from the base model on. There is none for the untuned model.
    """

    model: Model
    trainings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what tells this checkpoint from others of the same base model."""
        return "+".join(self.trainings)


@dataclass(frozen=True, kw_only=True)
class ExamResult:
    """Answers and grades in the order of the questions, with seconds and usage by stage."""

    questions: Sequence[Question]
    answers: Sequence[Answer]
    grades: Sequence[Grade]
    seconds: Mapping[str, float]
    usage: Mapping[str, Sequence[Usage]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GeneralResult:
    """A model's result on the general questions, and its perplexity of a page.

    The perplexity is None where there is no page, or where the model can't tell it.
    """

    result: ExamResult
    perplexity: float | None


@dataclass(frozen=True, kw_only=True)
class TrainedStudent:
    """One training of an arm, and the results of the student that it made.

    `practice` is its result on training questions that are asked again, to see whether the training took.
    """

    tuning: Tuning
    seconds: float
    usage: Sequence[Usage]
    exam: ExamResult
    practice: ExamResult
    general: GeneralResult


@dataclass(frozen=True, kw_only=True)
class Taught:
    """Everything that a tuned arm is measured by."""

    labelling: Labelling
    label_seconds: float
    label_usage: Sequence[Usage]
    subset: Subset
    guessed: bool  # only in a forecast
    untuned: GeneralResult
    trainings: Sequence[TrainedStudent]
