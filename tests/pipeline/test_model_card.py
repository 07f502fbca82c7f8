"""The card of an exported model: the Hub's metadata, accuracy beside the baselines, what was forgotten, licences."""

from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from runner.config.study import TUNED, Study
from runner.data.exam_set import ExamSet
from runner.data.records import digest
from runner.model.huggingface import HuggingFace
from runner.pipeline.model_card import Exported, write_card
from runner.pipeline.tracking import TrackedArm, tracked_run
from runner.tracker.mlflow import MLflow
from tests import given
from tests.pipeline.given import result, training, tuned

ABOUT = Exported(name="games", training=1, seed=3, labels=7, check="It was answered again.")
GENERAL = [given.question("a", category="history"), given.question("b", category="history"), given.question("c")]


@pytest.fixture
def study(tracking_uri: str) -> Study:
    """A study of the embedded model whose three arms are tracked: all right, none right, all right."""
    study = replace(given.study("method=fact"), tracker=MLflow(uri=tracking_uri))
    questions = study.material.questions
    for name, passed in (("base", False), ("rag", True)):
        with tracked_run(study, name, None) as run:
            TrackedArm(study, run).report_baseline(result(questions, *[passed] * len(questions)))
    before, after = result(GENERAL, True, True, False), result(GENERAL, False, True, True)
    with tracked_run(study, TUNED, None) as run:
        exam = result(questions, *[True] * len(questions))
        TrackedArm(study, run).report_tuned(tuned(before, [training(exam, exam, after)]))
    return study


def test_the_card_holds_the_hubs_metadata_and_what_was_measured(study: Study, tmp_path: Path) -> None:
    write_card(study, ABOUT, tmp_path)
    card = ModelCard.load(tmp_path / "README.md")
    assert (card.data.base_model, card.data.license) == ("HuggingFaceTB/SmolLM2-135M-Instruct", "apache-2.0")
    assert (card.data.model_name, card.data.library_name) == ("games", "transformers")
    assert {"experiment-runner", "method-fact", "lora"} <= set(card.data.tags)
    values = {result.dataset_config: result.metric_value for result in card.data.eval_results}
    assert values == dict.fromkeys(["all", *{question.category for question in study.material.questions}], 1.0)
    assert "| category | this model | base | rag |" in card.text
    overall = next(line for line in card.text.splitlines() if line.startswith("| all |"))
    assert [cell.split()[0] for cell in overall.strip("| ").split(" | ")] == ["all", "100.0", "0.0", "100.0"]
    assert "Of 2 general questions that the untuned model answered correctly, this one fails 1: history 1." in card.text
    assert "The exam was" not in card.text
    for words in (
        digest(study.material.sections),
        "tuned on 7 question/answer pairs",
        "It was answered again.",
        "- rank: 16",
        "- seed: 3",
    ):
        assert words in card.text


def test_the_base_models_licence_is_read_from_its_card_where_it_states_one(study: Study, tmp_path: Path) -> None:
    base, out = tmp_path / "base", tmp_path / "out"
    base.mkdir()
    out.mkdir()
    ours = replace(study, model=HuggingFace(id=str(base)))
    write_card(ours, ABOUT, out)
    assert "Base model: not stated by its files" in ModelCard.load(out / "README.md").text
    (base / "README.md").write_text("---\nlicense: other\nlicense_name: community\n---\n# Base\n")
    write_card(ours, ABOUT, out)
    card = ModelCard.load(out / "README.md")
    assert (card.data.license, card.data.license_name, card.data.base_model) == ("other", "community", None)
    (base / "README.md").write_text("---\nlicense: [\n---\n")
    write_card(ours, ABOUT, out)
    assert ModelCard.load(out / "README.md").data.license is None


def test_without_a_tracked_exam_the_card_has_no_results(tracking_uri: str, tmp_path: Path) -> None:
    write_card(replace(given.study(), tracker=MLflow(uri=tracking_uri)), ABOUT, tmp_path)
    card = ModelCard.load(tmp_path / "README.md")
    assert card.data.eval_results is None
    assert "Not measured." in card.text


def test_the_card_says_that_no_person_wrote_the_exam(tracking_uri: str, tmp_path: Path) -> None:
    written = ExamSet(questions=(given.question(),), origin="written by m, not checked by a person")
    study = replace(given.study("method=fact"), tracker=MLflow(uri=tracking_uri), exam=given.GivenExam(exam=written))
    write_card(study, ABOUT, tmp_path)
    assert "The exam was written by m, not checked by a person." in ModelCard.load(tmp_path / "README.md").text
