"""Parts of a study that do their work at once: a tuner that trains nothing, a method that asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Answer, Label, Labelling, Material, Outcome, Question, Request, Subset, Tuning
from runner.data.training import Supervised
from runner.model import Model, Tunable
from runner.pipeline.answer import examine, untuned
from runner.pipeline.results import Checkpoint, ExamResult, GeneralResult, Output, StudentResult, TunedResult
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import train
from tests.given import Scripted, grades, label

LABELS = tuple(label(f"What is pin {number}?", answer=f"Pin {number}.") for number in range(10))


@identified
@dataclass
class NotingTuner:
    """A tuner that notes what it is given and trains nothing."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given", "models"})

    given: list[tuple[list[Supervised], int]] = field(default_factory=list)
    models: list[Tunable] = field(default_factory=list)

    def tune(self, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Note examples, seed and model."""
        self.given.append((list(examples), seed))
        self.models.append(model)
        return Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)


@identified
@dataclass
class ListedLabels:
    """A method that returns the labels that it is given, and counts its calls."""

    incidental: ClassVar[frozenset[str]] = frozenset({"calls"})

    labels: tuple[Label, ...]
    asks: bool = False
    calls: int = 0

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Return the labels as they are."""
        self.calls += 1
        return Labelling(labels=self.labels)


def trained(study: Study, labels: tuple[Label, ...] = LABELS, seed: int = 0) -> Output[Checkpoint]:
    """Train the untuned model of a study on labels."""
    return train(study, StoreExecutor(study), untuned(study), Output(value=Subset(labels=labels)), seed)


def examined(study: Study, model: Model, questions: Sequence[Question], requests: Sequence[Request] = ()) -> ExamResult:
    """Let a model answer questions, by other requests than the bare ones where some are given."""
    asked = Output(value=questions)
    put = Output(value=requests) if requests else None
    return examine(study, StoreExecutor(study), Output(value=Checkpoint(model=model)), asked, put)


@identified
@dataclass
class FixedNumbers:
    """A metric that returns the numbers that it is given."""

    incidental: ClassVar[frozenset[str]] = frozenset({"numbers"})
    passages: ClassVar[bool] = False

    numbers: Mapping[str, float]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Return the numbers."""
        return dict(self.numbers)


def result(questions: Sequence[Question], *passed: bool | None) -> ExamResult:
    """Answers to questions with these grades; an answer is the question's id and the grade."""
    answers = [
        Answer(question=question.id, text=f"{question.id}: {verdict}")
        for question, verdict in zip(questions, passed, strict=True)
    ]
    seconds = {"answer": 0.0, "grade": 0.0}
    return ExamResult(questions=questions, answers=answers, grades=grades(questions, *passed), seconds=seconds)


def training(exam: ExamResult, practice: ExamResult, general: ExamResult, perplexity: float | None = None) -> StudentResult:
    """A training with these results."""
    tuning = Tuning(losses=(1.0,), tokens=1, seconds=1.0)
    known = GeneralResult(result=general, perplexity=perplexity)
    checkpoint = Output(value=Checkpoint(model=Scripted(lambda prompt: ""), tuning=tuning), seconds=1.0)
    return StudentResult(checkpoint=checkpoint, exam=exam, training_questions=practice, general=known)


def tuned(untuned: ExamResult, trainings: Sequence[StudentResult], perplexity: float | None = None) -> TunedResult:
    """What an arm of three labels of ten gives."""
    return TunedResult(
        labelling=Output(value=Labelling(labels=LABELS)),
        subset=Output(value=Subset(labels=LABELS[:3])),
        untuned=GeneralResult(result=untuned, perplexity=perplexity),
        trainings=trainings,
    )
