"""A subset of labels to a tuned checkpoint, and to the training questions that are asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Question, Subset, Tuning, read, write
from runner.data.training import Supervised
from runner.exam_checks.training_questions import repeated
from runner.model import Model, uses_batches
from runner.pipeline.executor import Asking, Done, Executor, Stage, TrainingWork
from runner.pipeline.hosted_training import expected_job, train_at_host
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint
from runner.tuner import PaidTuner


def train(
    study: Study, executor: Executor, start: Done[Checkpoint], subset: Done[Subset], seed: int
) -> tuple[Done[Checkpoint], Done[Tuning]]:
    """Train a checkpoint on a subset; return the new checkpoint and how the training went."""
    examples = supervised_examples(study, subset.value)
    tuner, model = study.tuner, study.model
    hosted = tuner if isinstance(tuner, PaidTuner) else None

    def make(folder: Path, asking: Asking) -> None:
        def tune() -> Tuning:
            tuning = tuner.tune(model, examples, seed, folder)
            write(folder / "tuning.jsonl", [tuning])
            return tuning

        if hosted:
            asking.paid(train_at_host(study, hosted, examples, seed, tune))
        else:
            tune()

    def trained(folder: Path) -> tuple[Tuning, Model]:
        return read(folder / "tuning.jsonl", Tuning)[0], model.tuned_in(folder)

    def stand_in() -> tuple[Tuning, Model]:
        untrained = TunedByHost(f"ft:{study.model.name}", uses_batches(model)) if hosted else model
        return Tuning(losses=(), tokens=0, seconds=0.0), untrained

    stage = Stage(
        name="tunings",
        inputs=[identity(tuner), identity(model), examples, seed, *start.value.trainings],
        make=make,
        read=trained,
        stand_in=stand_in,
        after=[start, subset],
        training=TrainingWork(examples=len(examples), job=expected_job(study, hosted, examples) if hosted else None),
    )
    done = executor.do(stage)
    tuning, tuned = done.value
    checkpoint = Checkpoint(model=tuned, trainings=(*start.value.trainings, done.key))
    return (
        Done(value=checkpoint, key=done.key, guess=done.guess),
        Done(value=tuning, key=done.key, seconds=done.seconds, usage=done.usage, guess=done.guess),
    )


def supervised_examples(study: Study, subset: Subset) -> list[Supervised]:
    """Put labels as prompts and replies; general pairs are mixed in where the tuner replays them."""
    pairs = [(label.question, label.answer) for label in subset.labels]
    # Where there are fewer general pairs than asked for, they are taken again.
    replayed = islice(cycle(study.knowledge.replay), round(study.tuner.replay * len(pairs)))
    return [Supervised(bare_prompt(study, question), answer) for question, answer in (*pairs, *replayed)]


def training_questions(study: Study, subset: Done[Subset]) -> Done[Sequence[Question]]:
    """Choose training questions to ask again.

    A forecast that guessed the labels takes the first ones: guessed answers hold no reference of the exam, by which real
    ones are chosen.
    """
    labels, most = subset.value.labels, study.settings.recall
    if not subset.guess:
        return Done(value=repeated(labels, study.material.questions, most))
    chosen = [
        Question(id=f"label-{number}", question=label.question, answer=label.answer, category=label.category)
        for number, label in enumerate(labels[:most])
    ]
    return Done(value=chosen, guess=subset.guess)


@dataclass(frozen=True)
class TunedByHost:
    """The model that a host will have tuned, for a forecast: its replies have a price of their own."""

    name: str
    batch: bool
    hosted: bool = True

    def check(self) -> None:
        """Accept: there is nothing to check before it is trained."""

    def ask(self, prompts: Sequence[Any]) -> Any:
        """Refuse: nobody can ask it yet."""
        raise NotImplementedError(f"{self.name} is not trained yet")
