"""A subset of labels in, a tuned checkpoint out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Question, Subset, Tuning, read, write
from runner.data.training import Supervised
from runner.errors import Fault
from runner.exam_checks.training_questions import repeated
from runner.model import HostTunable, Tunable, uses_batches
from runner.model.text_version import text_version
from runner.pipeline.executor import Executor, ModelAccess, Stage, TrainingWork
from runner.pipeline.hosted_training import HostWork, expected_job, train_at_host
from runner.pipeline.keeping import Lesson, lesson
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint, Output, with_before
from runner.tuner import PaidTuner, Tuner, TunesForObjective

log = logging.getLogger("runner")


def train(study: Study, executor: Executor, start: Output[Checkpoint], subset: Output[Subset], seed: int) -> Output[Checkpoint]:
    """Train a checkpoint on a subset; return the new one.

    Raise a Fault if the remedy finds too few general examples.
    """
    learned = _lesson(study, executor, start, subset)
    if learned.lacking:
        raise Fault(learned.lacking)
    return _train(study, executor, start, learned, seed, study.tuner)


def train_again(
    study: Study, executor: Executor, start: Output[Checkpoint], subset: Output[Subset], seed: int, tuner: Tuner | None = None
) -> Output[Checkpoint]:
    """Train as `train` does, after a first training.

    That one was paid for. So of too few general examples all are taken, with a warning.
    """
    learned = _lesson(study, executor, start, subset)
    if learned.lacking and not subset.guess:
        log.warning("%s. This training follows a first one, and takes all that there are", learned.lacking)
    return _train(study, executor, start, learned, seed, tuner or study.tuner)


def _lesson(study: Study, executor: Executor, start: Output[Checkpoint], subset: Output[Subset]) -> Lesson:
    learned = lesson(study, executor, start, supervised_examples(study, subset.value))
    return replace(learned, after=[subset, *learned.after])


def _train(
    study: Study, executor: Executor, start: Output[Checkpoint], learned: Lesson, seed: int, tuner: Tuner
) -> Output[Checkpoint]:
    examples = list(learned.examples)
    model, hosted = study.model, tuner if isinstance(tuner, PaidTuner) else None
    if hosted:
        _check_hosted(study, start.value, examples)

    def make(folder: Path, access: ModelAccess) -> None:
        def tune() -> Tuning:
            write(folder / "tuning.jsonl", [tuning := _tuned(tuner, start.value, learned, seed, folder)])
            return tuning

        if hosted:
            access.paid(train_at_host(study, HostWork(hosted, cast(HostTunable, model), examples, seed), tune))
        else:
            tune()

    def trained(folder: Path) -> Checkpoint:
        (tuning,) = read(folder / "tuning.jsonl", Tuning)
        return Checkpoint(model=model.tuned_in(folder), tuning=tuning, folder=folder)

    texts = (text for prompt, reply in examples for text in (reply, *(turn.content for turn in prompt.messages)))
    inputs = [identity(tuner), identity(model), examples, seed, *start.value.trainings, *text_version(model, texts)]
    stage = Stage(
        name="tunings",
        # Of the untuned model, without a remedy that changes the loss, this ends as in older stores: their trainings are found.
        inputs=[*inputs, *learned.inputs],
        make=make,
        read=trained,
        # A forecast counts the requests to a student, which do not depend on its weights.
        stand_in=lambda: Checkpoint(model=TunedByHost(f"ft:{model.name}", uses_batches(model)) if hosted else model),
        after=[start, *learned.after],
        training=_work(study, learned),
    )
    output = executor.do(stage)
    # Arms share the answers and distributions of a remedy. Like other shared work, they count for each of them.
    output = with_before(output, *learned.after)
    return replace(output, value=replace(output.value, trainings=(*start.value.trainings, output.key)))


def _check_hosted(study: Study, start: Checkpoint, examples: Sequence[Supervised]) -> None:
    """Raise a Fault if a host can't train this."""
    if start.trainings:
        raise Fault(f"tuner={study.choices['tuner']}: a host does not train a tuned model further yet. Choose tuner=lora")
    # method=human may read texts from a file; of the other methods it is known before.
    if any(not prompt.messages for prompt, _ in examples):
        raise Fault("some labels are texts without a question, and a host learns only replies to questions. Choose tuner=lora")


def _work(study: Study, learned: Lesson) -> TrainingWork:
    job = expected_job(study, study.tuner, learned.examples) if isinstance(study.tuner, PaidTuner) else None
    return TrainingWork(examples=len(learned.examples), further=learned.further, job=job)


def _tuned(tuner: Tuner, start: Checkpoint, learned: Lesson, seed: int, folder: Path) -> Tuning:
    """Tune a checkpoint into a folder."""
    examples = list(learned.examples)
    model = cast(Tunable, start.model)  # as every student of this machine is
    if not learned.objective:
        return tuner.tune(model, examples, seed, folder)
    assert isinstance(tuner, TunesForObjective)  # by config.build
    return tuner.tune_for(learned.objective, model, examples, seed, folder)


def supervised_examples(study: Study, subset: Subset) -> list[Supervised]:
    """Make training examples of labels."""
    return [Supervised(bare_prompt(study, label.question), label.answer) for label in subset.labels]


def training_questions(study: Study, subset: Output[Subset]) -> Output[Sequence[Question]]:
    """Choose training questions to ask again."""
    labels, most = subset.value.labels, study.settings.recall
    if not subset.guess:
        return Output(value=repeated(labels, study.material.questions, most))
    # Real labels are chosen by their answers, which hold a reference of the exam. Guessed answers hold none.
    chosen = [
        Question(id=f"label-{number}", question=label.question, answer=label.answer, category=label.category)
        for number, label in enumerate(labels[:most])
    ]
    return Output(value=chosen, guess=subset.guess)


@dataclass(frozen=True)
class TunedByHost:
    """A model that a host will tune, for a forecast."""

    # Not the base model, whose replies have another price.
    name: str
    batch: bool
    hosted: bool = True

    def check(self) -> None:
        """Accept: there is nothing to check before it is trained."""

    def at_temperature(self, temperature: float, seed: int) -> "TunedByHost":
        """Return the model itself, which a forecast never asks."""
        return self

    def ask(self, prompts: Sequence[Any]) -> Any:
        """Refuse: nobody can ask it yet."""
        raise NotImplementedError(f"{self.name} is not trained yet")
