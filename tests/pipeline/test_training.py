"""Labels to a tuned checkpoint: the examples of a training, its key, and the questions that are asked again."""

from dataclasses import replace

import pytest

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Subset, Tuning, chat
from runner.errors import Fault
from runner.pipeline.answer import untuned
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import supervised_examples, train, training_questions
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.store.local import stage_key
from tests import given
from tests.pipeline.given import LABELS, NotingTuner, trained


def test_every_label_is_put_as_the_exam_puts_its_questions(study: Study) -> None:
    expected = [(chat(label.question, "Be brief.", 8), label.answer) for label in LABELS]
    assert supervised_examples(study, Subset(labels=LABELS)) == expected


def test_a_training_is_done_once_for_each_seed(study: Study) -> None:
    study = replace(study, tuner=NotingTuner())
    first, again, other = (trained(study, seed=seed) for seed in (0, 0, 1))
    assert [seed for _, seed in study.tuner.given] == [0, 1]
    assert first.value.tuning == again.value.tuning == Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)
    assert first.value == again.value
    assert first.value.key != other.value.key


def test_a_training_has_the_key_that_older_stores_have(study: Study) -> None:
    # As it was written when tuners had a setting `replay`, and nothing else was done against forgetting.
    study = replace(study, tuner=given.study("tuner.steps=2").tuner)
    settings = {"rank": 16, "alpha": 32.0, "dropout": 0.0, "epochs": 7, "steps": 2, "batch": 8, "rate": 0.002}
    tuner = {"class": "runner.tuner.lora.Lora", "version": 1, **settings, "warmup": 0.1, "clip": 1.0, "replay": 0.0}
    examples = [[chat(label.question, "Be brief.", 8), label.answer] for label in LABELS]
    key = stage_key("tunings", [tuner, identity(study.model), examples, 0])
    planned = train(study, ForecastExecutor(study, Forecast(), {}), untuned(study), Output(value=Subset(labels=LABELS)), 0)
    assert planned.key == key


def test_a_student_reads_the_weights_of_its_own_training(study: Study) -> None:
    checkpoint = trained(replace(study, tuner=NotingTuner()))
    folder = study.store.folder / "tunings" / checkpoint.key
    assert (checkpoint.value.model.tuned, checkpoint.value.key) == (str(folder), checkpoint.key)
    assert (folder / "tuning.jsonl").exists()


def test_a_training_that_starts_from_a_tuned_checkpoint_goes_on_from_it(study: Study) -> None:
    study = replace(study, tuner=NotingTuner())
    first = trained(study)
    subset = Output(value=Subset(labels=LABELS))
    second = train(study, StoreExecutor(study), first, subset, 0)
    assert second.value.trainings == (first.key, second.key)
    assert second.key != first.key
    assert study.tuner.models == [study.model, first.value.model]
    assert second.value.model.tuned == str(study.store.folder / "tunings" / second.key)


def test_a_host_trains_no_tuned_model_further(study: Study) -> None:
    first = trained(replace(study, tuner=NotingTuner()))
    host = replace(study, tuner=given.study("model=openai", "model.id=m", "tuner=hosted").tuner)
    with pytest.raises(Fault, match="a host does not train a tuned model further yet"):
        train(host, StoreExecutor(host), first, Output(value=Subset(labels=LABELS)), 0)


def test_an_untuned_checkpoint_has_no_training_and_no_key(study: Study) -> None:
    assert untuned(study).value == Checkpoint(model=study.model, trainings=())
    assert untuned(study).value.key == ""


def test_training_questions_hold_an_answer_of_the_exam_and_are_as_many_as_asked_for(study: Study) -> None:
    exam = study.material.questions[:9]
    labels = tuple(
        given.label(f"Tell me number {number}?", answer=f"It is {question.answer}.", section=question.section)
        for number, question in enumerate(exam)
    )
    few = replace(study, settings=study.settings.model_copy(update={"recall": 3}))
    questions = training_questions(few, Output(value=Subset(labels=(*LABELS, *labels))))
    assert len(questions.value) == 3
    assert {question.question for question in questions.value} <= {label.question for label in labels}
    assert questions.guess == ""


def test_of_guessed_labels_the_first_ones_are_asked_again(study: Study) -> None:
    few = replace(study, settings=study.settings.model_copy(update={"recall": 3}))
    questions = training_questions(few, Output(value=Subset(labels=LABELS), guess="labels"))
    assert [question.question for question in questions.value] == [label.question for label in LABELS[:3]]
    assert questions.guess == "labels"
