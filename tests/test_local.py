"""A run whose teacher, student and judge all are models on this machine: no host, no key."""

import json
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.config.study import Study
from runner.data.records import Answer, Prompt
from runner.data.training import Supervised
from runner.model.huggingface import HuggingFace
from runner.pipeline.experiment import experiment
from runner.pipeline.store_executor import StoreExecutor
from runner.tracker.mlflow import MLflow
from runner.tuner.full import FullTuning
from tests import given
from tests.given import Scripted, said
from tests.teacher import corpus

WRITTEN = {
    "Final": [
        {"question": "Which man took the cup home?", "answer": "Ada of Oslo"},
        {"question": "The town?", "answer": "Bergen"},
    ],
    "Start": [{"question": "On which day did the cup begin?", "answer": "3 May 2031"}],
}


def _written(prompt: Prompt) -> str:
    return json.dumps(next(pairs for heading, pairs in WRITTEN.items() if f"Section: {heading}" in said(prompt)))


def _taught(student: HuggingFace, study: Study, folder: Path) -> HuggingFace:
    """The model after it was taught to write these pairs when the study asks for labels, and PASS when it asks for grades."""
    teacher, judge = Scripted(_written), Scripted(lambda _: "PASS")
    study.method.label(study.material, teacher, study.size.scale)
    for text in ("Ada", "Oslo and Bergen", "The cup the cup", "3 May", "word sea word"):
        answers = [Answer(question=question.id, text=text) for question in study.material.questions]
        study.grader.grade(study.material.questions, answers, judge)
    lessons = [Supervised(prompt, model.reply(prompt)) for model in (teacher, judge) for prompt in model.asked]
    FullTuning(epochs=80, batch=8, rate=1e-2, warmup=0.1, clip=1.0).tune(student, lessons, 0, folder / "taught")
    student.tuned_in(folder / "taught").save(folder / "oracle")
    return HuggingFace(id=str(folder / "oracle"), device="cpu")


@pytest.mark.slow
def test_a_local_teacher_writes_the_labels_and_a_local_judge_grades_the_answers(
    small_model: HuggingFace, tracking_uri: str, tmp_path: Path
) -> None:
    chosen = [*corpus(tmp_path), f"model.id={small_model.id}", "method=token", "size=1x", "grader=judge", "baseline=base"]
    # A short prompt, since a small model learns what it does not have to read.
    chosen.append("grader.prompt='{question} {reference} {answer} PASS or FAIL?'")
    quick = ["tuner.epochs=1", "reply_tokens=4", "method.reply_tokens=80", "grader.reply_tokens=4", f"tracker.uri={tracking_uri}"]
    oracle = _taught(small_model, given.study(*chosen, *quick), tmp_path)
    roles = [f"model@{role}=huggingface" for role in ("teacher", "judge")]
    roles += [f"{role}.id={oracle.id}" for role in ("teacher", "judge")]
    study = given.study(*chosen, *quick, *roles)
    experiment(study, StoreExecutor(study))
    client = MlflowClient(tracking_uri)
    (tuned,) = client.search_runs(
        [client.get_experiment_by_name("docs").experiment_id], filter_string="tags.`runner.arm` = 'tuned'"
    )
    labels = MLflow(uri=tracking_uri).rows(tuned.info.run_id, "labels")
    assert {(row["question"], row["answer"]) for row in labels} == {
        (pair["question"], pair["answer"]) for pairs in WRITTEN.values() for pair in pairs
    }
    assert tuned.data.metrics["accuracy"] == 1  # the judge has learned no other word


def test_a_teacher_and_a_judge_of_the_same_weights_are_loaded_once(small_model: HuggingFace) -> None:
    roles = [f"model@{role}=huggingface" for role in ("teacher", "judge")]
    settings = ["teacher.batch_size=1", "judge.structured=true", f"teacher.id={small_model.id}", f"judge.id={small_model.id}"]
    study = given.study(*roles, *settings)
    assert isinstance(study.teacher, HuggingFace)
    assert isinstance(study.judge, HuggingFace)
    assert study.teacher.network() is study.judge.network()
