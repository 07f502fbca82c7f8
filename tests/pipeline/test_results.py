"""Checkpoints as values: a model with the trainings that led to it."""

from runner.pipeline.results import Checkpoint, ExamResult
from tests import given

MODEL = given.Scripted(given.in_turn("Ada"))


def test_the_untuned_model_has_an_empty_key() -> None:
    assert Checkpoint(model=MODEL).key == ""


def test_a_checkpoint_of_one_training_has_its_key_and_the_next_one_another() -> None:
    # The first is also what stores of earlier versions name a tuned student by.
    assert Checkpoint(model=MODEL, trainings=("a",)).key == "a"
    assert Checkpoint(model=MODEL, trainings=("a", "b")).key == "a+b"


def test_an_exam_result_that_nobody_was_paid_for_has_no_usage() -> None:
    assert ExamResult(questions=[], answers=[], grades=[], seconds={}).usage == {}
