"""Labels to a tuned checkpoint: the examples of a training, its key, and the questions that are asked again."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Label, Subset, Tuning, chat
from runner.data.training import Supervised
from runner.pipeline.answer import untuned
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import supervised_examples, train, training_questions
from tests import given
from tests.pipeline.given import LABELS, NotingTuner, trained


def examples(study: Study, replay: float, labels: tuple[Label, ...] = LABELS) -> list[Supervised]:
    """The examples of a training with this share of general pairs."""
    tuner = NotingTuner(replay=replay)
    trained(replace(study, tuner=tuner), labels)
    return tuner.given[0][0]


@pytest.mark.parametrize(("replay", "pairs"), [(0.0, 0), (0.04, 0), (0.1, 1), (0.26, 3), (0.4, 4)])
def test_general_pairs_are_mixed_in_as_a_share_of_the_labels(study: Study, replay: float, pairs: int) -> None:
    expected = [chat(question, "Be brief.", 8) for question, _ in study.knowledge.replay[:pairs]]
    assert [prompt for prompt, _ in examples(study, replay)[len(LABELS) :]] == expected


def test_where_there_are_too_few_pairs_they_are_mixed_in_again(study: Study) -> None:
    replayed = [reply for _, reply in examples(study, 1.0)[len(LABELS) :]]
    assert len(replayed) == len(LABELS)
    assert sorted(replayed.count(answer) for _, answer in study.knowledge.replay) == [2, 2, 3, 3]


def test_every_label_is_put_as_the_exam_puts_its_questions(study: Study) -> None:
    expected = [(chat(label.question, "Be brief.", 8), label.answer) for label in LABELS]
    assert examples(study, 0.5)[: len(LABELS)] == expected
    assert supervised_examples(study, Subset(labels=LABELS)) == expected


def test_a_training_is_done_once_for_each_seed(study: Study) -> None:
    study = replace(study, tuner=NotingTuner())
    first, again, other = (trained(study, seed=seed) for seed in (0, 0, 1))
    assert [seed for _, seed in study.tuner.given] == [0, 1]
    assert first.value.tuning == again.value.tuning == Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)
    assert first.value == again.value
    assert first.value.key != other.value.key


def test_another_share_of_general_pairs_is_another_training(study: Study) -> None:
    without, with_some = (trained(replace(study, tuner=NotingTuner(replay=share))) for share in (0.0, 0.4))
    assert without.value.key != with_some.value.key


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
    assert len(study.tuner.given) == 2


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
