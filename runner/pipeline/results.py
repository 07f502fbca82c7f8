"""Results of the pipeline: outputs, checkpoints, graded answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from runner.data.records import Answer, Grade, Label, Labelling, Ledger, Passage, Question, Subset, Tuning
from runner.model import Model
from runner.spending.usage import Usage

V = TypeVar("V", covariant=True)

UNTRAINED = Tuning(losses=(), tokens=0, seconds=0.0)


@dataclass(frozen=True, kw_only=True)
class Output(Generic[V]):
    """The output of a stage."""

    value: V
    key: str = ""  # of the stage in the store
    seconds: float = 0.0  # that making it took, in this run or an earlier one
    usage: Sequence[Usage] = ()
    guess: str = ""  # only in a forecast: the stage whose unknown replies this output depends on


@dataclass(frozen=True, kw_only=True)
class Following:
    """A result that follows from several stages."""

    after: Sequence[Output[Any]] = ()  # of these stages

    @property
    def guess(self) -> str:
        """Return the guess that it depends on, in a forecast."""
        return next((output.guess for output in self.after if output.guess), "")

    @property
    def seconds(self) -> float:
        """Return the seconds of the stages."""
        return sum(output.seconds for output in self.after)

    @property
    def usage(self) -> list[Usage]:
        """Return what the stages were paid for."""
        return [usage for output in self.after for usage in output.usage]


def with_before(output: Output[V], *before: "Output[Any] | Following") -> Output[V]:
    """Add seconds, usage and guess of what came before."""
    return replace(
        output,
        seconds=sum(each.seconds for each in before) + output.seconds,
        usage=[*(usage for each in before for usage in each.usage), *output.usage],
        guess=output.guess or next((each.guess for each in before if each.guess), ""),
    )


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Passages that were found for a question, the best first."""

    question: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """Rankings of all questions, and the seconds of each stage."""

    rankings: Output[Sequence[Ranking]]
    seconds: Mapping[str, float] = field(default_factory=dict)  # index, search


NOTHING = Retrieval(rankings=Output(value=()))


@dataclass(frozen=True, kw_only=True)
class Refining:
    """The course of a training after the first tuning.

    Of preferences, a reward is positive where a preferred reply has become likelier, or a rejected one less likely. Of drawn
    answers, it is 1 for each that passed, else 0.
    """

    tuning: Tuning
    lessons: int  # replies
    rewards: tuple[float, ...]  # of each example, a pair or a reply, in the order in which they were trained on

    @property
    def last(self) -> tuple[float, ...]:
        """Return the rewards of the last half."""
        return self.rewards[len(self.rewards) // 2 :]


@dataclass(frozen=True, kw_only=True)
class Round:
    """A round of new labels, and the practice after it.

    Round 0 is the tuned student before any.
    """

    number: int
    checkpoint: "Output[Checkpoint]"
    practice: Sequence[bool | None]  # verdicts on the practice questions
    failed: int  # of these questions
    unsure: int
    labels: tuple[Label, ...] = ()  # new ones
    again: int = 0  # labels of before that were trained again
    ledgers: tuple[Ledger, ...] = ()
    usage: Sequence[Usage] = ()  # of new labels and practice
    seconds: float = 0.0  # of these
    ended: str = ""  # why no round follows, in words


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A model as a value: a base model and a chain of trainings."""

    model: Model  # as it is asked
    trainings: tuple[str, ...] = ()  # keys of their stages, from the base model on; none for the untuned model
    tuning: Tuning = UNTRAINED  # the course of the last training on labels
    refining: Refining | None = None  # of the last training on preferences
    folder: Path | None = None  # of the tuned weights, where they are on this machine
    labels: tuple[Label, ...] = ()  # trained beside the drawn subset, in rounds or in their rival
    rounds: tuple[Round, ...] = ()  # that were gone, also those that are not part of this model

    @property
    def key(self) -> str:
        """Return the key among checkpoints of the same base model."""
        return "+".join(self.trainings)


@dataclass(frozen=True, kw_only=True)
class ExamResult:
    """Graded answers of a student, in the questions' order."""

    questions: Sequence[Question]
    answers: Sequence[Answer]
    grades: Sequence[Grade]
    seconds: Mapping[str, float]  # by stage: answer, grade
    usage: Mapping[str, Sequence[Usage]] = field(default_factory=dict)  # by stage


NOT_ASKED = ExamResult(questions=(), answers=(), grades=(), seconds={"answer": 0.0, "grade": 0.0})


@dataclass(frozen=True, kw_only=True)
class GeneralResult:
    """A student's result on general questions and text."""

    result: ExamResult
    perplexity: float | None  # None without a page, and for models that can't measure it


@dataclass(frozen=True, kw_only=True)
class RoundResult:
    """A round, and the exam of the student after it."""

    round: Round
    exam: ExamResult
    general: GeneralResult


@dataclass(frozen=True, kw_only=True)
class StudentResult:
    """A trained student, and its results."""

    checkpoint: Output[Checkpoint]
    exam: ExamResult
    training_questions: ExamResult  # on training questions that are asked again, to see whether they were learned
    general: GeneralResult
    withdrawn: ExamResult = NOT_ASKED  # on facts that the documents no longer state: a pass is a former answer
    rounds: Sequence[RoundResult] = ()


@dataclass(frozen=True, kw_only=True)
class TunedResult:
    """Everything that a tuned arm is measured by."""

    labelling: Output[Labelling]
    subset: Output[Subset]
    untuned: GeneralResult
    trainings: Sequence[StudentResult]  # one for each training seed

    @property
    def taught(self) -> Subset:
        """Return the labels of any of the trainings."""
        # In rounds each training gets labels of its own.
        further = dict.fromkeys(label for training in self.trainings for label in training.checkpoint.value.labels)
        return replace(self.subset.value, labels=(*self.subset.value.labels, *further))

    @property
    def labels(self) -> list[Sequence[Label]]:
        """Return the labels of each training."""
        return [[*self.subset.value.labels, *training.checkpoint.value.labels] for training in self.trainings]
