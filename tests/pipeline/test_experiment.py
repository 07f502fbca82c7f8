"""Whole runs of the command on a small corpus with a small model: results are tracked and kept, a killed run goes on."""

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from runner.config.study import Study
from runner.data.records import chat
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.pipeline.executor import Stage
from runner.pipeline.experiment import experiment
from runner.pipeline.results import Output
from runner.pipeline.shared_work import shared_work
from runner.pipeline.store_executor import StoreExecutor
from runner.tracker.mlflow import MLflow
from runner.tuner.full import FullTuning
from tests import command, given
from tests.command import Done
from tests.conftest import Serving
from tests.pipeline.given import LABELS, ListedLabels, NotingTuner
from tests.teacher import taught_by, teaching

Command = Callable[..., Done]
FACTS = ["Ada of Oslo won the 2031 Elm Cup.", "The 2031 Elm Cup was held in Bergen.", "The 2031 Elm Cup began on 3 May 2031."]
QUESTIONS = ["Who won the Elm Cup of 2031?", "Where was the 2031 Elm Cup?", "When did the 2031 Elm Cup begin?"]
ANSWERS = ["Ada of Oslo", "Bergen", "3 May 2031"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder as a user would make it by hand: one document, an exam, and people's own labels."""
    root = tmp_path / "my-docs"
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "elm.md").write_text("---\ncategory: 2031 Elm Cup\n---\n# Elm Cup\n\n## Overview\n" + " ".join(FACTS))
    exam = [{"question": asked, "answer": answer} for asked, answer in zip(QUESTIONS, ANSWERS, strict=True)]
    labels = [
        {"question": f"{word}, {asked.lower()}", "answer": answer, "section": "elm.md#Overview", "fact": fact}
        for word in ("Tell me", "Please")
        for asked, answer, fact in zip(QUESTIONS, ANSWERS, FACTS, strict=True)
    ]
    (root / "exam.jsonl").write_text("".join(json.dumps({**row, "category": "2031 Elm Cup"}) + "\n" for row in exam))
    (root / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labels))
    return root


@pytest.fixture
def overrides(corpus: Path, small_model: HuggingFace, tracking_uri: str, tmp_path: Path) -> list[str]:
    """The small corpus, the small model, and stores of their own."""
    settings = [f"corpus.path={corpus}", "model=huggingface", f"model.id={small_model.id}", f"tracker.uri={tracking_uri}"]
    quick = [f"store={tmp_path}/store", "tuner.epochs=2", "tuner.batch=2", "retriever=lexical", "reply_tokens=6"]
    return ["corpus=folder", *settings, *quick]


@pytest.fixture
def general(small_model: HuggingFace, tmp_path: Path) -> list[str]:
    """A general question, and the small model after it was taught the answer, so that there is something to forget."""
    asked, answer = "What do people say in the morning?", "Good morning"
    folder, taught = tmp_path / "general", tmp_path / "taught"
    folder.mkdir()
    (folder / "exam.jsonl").write_text(json.dumps({"question": asked, "answer": answer}))
    tuner = FullTuning(epochs=60, batch=1, rate=3e-3, warmup=0.1, clip=1.0)
    tuner.tune(small_model, [(chat(asked, "Answer briefly.", 6), answer)], 0, taught)
    small_model.load().tokenizer.save_pretrained(taught)
    return [f"retention.path={folder}", f"model.id={taught}"]


@pytest.fixture
def run(overrides: list[str], tmp_path: Path) -> Command:
    """Run the command with flags and more overrides, in a folder of its own."""

    def go(*words: str) -> Done:
        flags = [word for word in words if word.startswith("-")]
        more = [word for word in words if word not in flags]
        method = [] if "experiment=ours" in words else ["method=human"]
        return command.run([*flags, *overrides, *method, *more], tmp_path)

    return go


def tracked_runs(uri: str) -> list[Any]:
    client = MlflowClient(uri)
    return client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])


def test_a_sweep_tracks_each_arm_once_under_its_parent_and_ends_in_a_table(run: Command, tracking_uri: str) -> None:
    done = run("-m", "size=1x,5x")
    assert done.returncode == 0, done.stderr
    assert all(
        word in done.stdout
        for word in ("human 1x", "human 5x", "base", "rag", "over rag", "Recommendation", "mlflow ui", "report.html")
    )
    assert "3 of 3 units" in done.stdout
    runs = tracked_runs(tracking_uri)
    parent = [arm for arm in runs if arm.data.tags["runner.kind"] == "sweep"]
    arms = [arm for arm in runs if arm.data.tags["runner.kind"] == "arm"]
    assert sorted(arm.data.tags["runner.arm"] for arm in arms) == ["base", "rag", "tuned", "tuned"]
    assert {arm.data.tags["mlflow.parentRunId"] for arm in arms} == {parent[0].info.run_id}
    assert {arm.info.status for arm in runs} == {"FINISHED"}
    client = MlflowClient(tracking_uri)
    assert {item.path for item in client.list_artifacts(parent[0].info.run_id)} >= {
        "comparison.json",
        "pairs.json",
        "recommendation.md",
        "report.html",
    }
    assert parent[0].data.tags["mlflow.note.content"]
    assert len({arm.data.tags["runner.exam"] for arm in arms}) == 1
    tuned = next(arm for arm in arms if arm.data.params.get("size") == "1x")
    assert {item.path for item in client.list_artifacts(tuned.info.run_id)} >= {
        "answers.json",
        "labels.json",
        "config.yaml",
        "ledger.json",
        "training_questions.json",
        "near_duplicates.json",
        "retention.json",
    }
    names = {"accuracy", "accuracy/2031 Elm Cup", "questions/2031 Elm Cup", "gain/base", "gap/rag", "train_loss"}
    assert tuned.data.metrics.keys() >= names | {"tokens_per_second", "seconds/tune", "seconds/label", "seconds/answer"}
    assert tuned.data.metrics.keys() >= {"accuracy_low", "accuracy_high", "coverage/labelled", "retention/perplexity_after"}
    assert (tuned.data.params["labels"], tuned.data.params["steps"]) == ("3", "4")


def test_an_arm_that_forgets_too_much_fails_the_gate_and_the_command(run: Command, general: list[str], tracking_uri: str) -> None:
    done = run("size=1x", "baseline=[]", *general, "retention.floor=1.0", "tuner.rate=0.1")
    assert done.returncode == 1
    assert "failed the gate of retention.floor: human 1x" in done.stderr
    assert "FAILED" in done.stdout
    (tuned,) = tracked_runs(tracking_uri)
    assert tuned.data.tags["runner.gate"] == "failed"
    assert tuned.info.status == "FINISHED"


@pytest.mark.slow
def test_an_arm_that_keeps_what_it_knew_passes_the_gate(run: Command, general: list[str], tracking_uri: str) -> None:
    done = run("size=1x", "baseline=[]", *general, "retention.floor=1.0", "tuner.rate=1e-12")
    assert done.returncode == 0, done.stderr
    (tuned,) = tracked_runs(tracking_uri)
    assert tuned.data.tags["runner.gate"] == "passed"
    assert tuned.data.metrics["retention/known"] >= 1


@pytest.mark.slow
def test_what_a_paid_teacher_and_judge_cost_is_tracked_by_stage_and_shown_in_the_table(
    overrides: list[str], tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    with teaching() as (url, asked):
        judge = ["grader=judge", f"judge.base_url={url}", "judge.id=nobody-knows"]
        more = ["method=fact", "size=1x", "retention=none", "baseline=base", *taught_by(url), *judge]
        done = command.run([*overrides, *more], tmp_path)
    assert done.returncode == 0, done.stderr
    tuned = next(arm for arm in tracked_runs(tracking_uri) if arm.data.tags["runner.arm"] == "tuned").data.metrics
    labelled = [body["usage"] for body in asked if body["model"] == "gpt-5-mini"]
    usd = sum(0.25 * usage["prompt_tokens"] + 2 * usage["completion_tokens"] for usage in labelled) / 1e6
    assert (tuned["cost/label/requests"], tuned["cost/label/usd"]) == (len(labelled), pytest.approx(usd))
    assert (tuned["cost/answer/requests"], "cost/answer/usd" in tuned) == (tuned["cost/grade/requests"], False)
    assert all(isnan(tuned[name]) for name in ("cost/grade/usd", "cost/usd"))
    assert "unknown" in next(line for line in done.stdout.splitlines() if line.startswith("│ fact 1x"))


@pytest.mark.slow
def test_several_seeds_train_one_arm_several_times(run: Command, tracking_uri: str) -> None:
    done = run("size=1x", "baseline=[]", "seeds=3", "retention=none")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("tuning") >= 3
    (tuned,) = tracked_runs(tracking_uri)
    assert "spread/training" in tuned.data.metrics
    assert "retention/kept" not in tuned.data.metrics
    rows = MLflow(uri=tracking_uri).rows(tuned.info.run_id, "answers")
    assert sorted({row["training"] for row in rows}) == [1, 2, 3]
    assert len(rows) == 9


@pytest.mark.slow
def test_two_corpora_in_one_sweep_stand_in_two_tables(run: Command, corpus: Path, tmp_path: Path) -> None:
    other = tmp_path / "other-docs"
    shutil.copytree(corpus, other)
    exam = (other / "exam.jsonl").read_text().splitlines()
    (other / "exam.jsonl").write_text("\n".join(exam[:2]))
    done = run("-m", "size=1x", f"corpus.path={corpus},{other}", "baseline=base", "retention=none")
    assert done.returncode == 0, done.stderr
    assert "3 questions about 3 facts" in done.stdout
    assert "2 questions about 2 facts" in done.stdout


def test_the_same_command_again_does_nothing_twice(run: Command, tracking_uri: str) -> None:
    first = run("size=1x")
    began = {arm.info.run_id: arm.info.end_time for arm in tracked_runs(tracking_uri)}
    again = run("size=1x")
    assert (first.returncode, again.returncode) == (0, 0)
    assert "tuning" in first.stderr
    assert "tuning" not in again.stderr
    assert "answering" not in again.stderr
    assert {arm.info.run_id: arm.info.end_time for arm in tracked_runs(tracking_uri)} == began


@pytest.mark.slow
def test_another_grader_grades_the_stored_answers_and_asks_the_student_nothing(run: Command) -> None:
    assert run("size=1x").returncode == 0
    again = run("size=1x", "grader.words=5")
    assert again.returncode == 0
    assert "answering" not in again.stderr


@pytest.mark.slow
def test_after_a_kill_the_same_command_goes_on_from_what_was_finished(
    overrides: list[str], run: Command, tmp_path: Path, tracking_uri: str
) -> None:
    printed = [tmp_path / name for name in ("stdout", "stderr")]
    process = command.start([*overrides, "method=human", "size=1x"], tmp_path, printed)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("store/answers/[!.]*/manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.join()
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("store/answers/[!.]*/manifest.json")}
    assert kept
    unfinished = {arm.info.run_id for arm in tracked_runs(tracking_uri)}
    assert run("size=1x").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    runs = tracked_runs(tracking_uri)
    assert {arm.info.status for arm in runs} == {"FINISHED"}
    assert unfinished <= {arm.info.run_id for arm in runs}
    assert len(runs) == 3


@pytest.mark.slow
def test_a_run_that_fails_is_tracked_with_its_traceback_and_the_others_go_on(run: Command, tracking_uri: str) -> None:
    done = run("-m", "size=1x", "tuner.rate=1e-3,1e30", "tuner.clip=1e30", "baseline=[]")
    assert done.returncode == 1
    assert "the loss is" in done.stderr
    assert "Lower tuner.rate" in done.stderr
    arms = {float(arm.data.params["tuner.rate"]): arm for arm in tracked_runs(tracking_uri) if "tuner.rate" in arm.data.params}
    assert {rate: arm.info.status for rate, arm in arms.items()} == {1e-3: "FINISHED", 1e30: "FAILED"}
    paths = [item.path for item in MlflowClient(tracking_uri).list_artifacts(arms[1e30].info.run_id)]
    assert "traceback.txt" in paths


@pytest.mark.slow
def test_without_baselines_the_arm_stands_alone(run: Command) -> None:
    done = run("size=1x", "baseline=[]")
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stdout.splitlines() if line.startswith(("│ rag", "│ base"))]
    assert "│ human 1x" in done.stdout


@pytest.mark.slow
def test_a_labelling_method_of_ones_own_is_a_file_and_a_yaml(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine" / "method").mkdir(parents=True)
    (tmp_path / "mine" / "experiment").mkdir()
    (tmp_path / "mine" / "method" / "heading.yaml").write_text("_target_: heading_method.Heading\nword: Recite\n")
    (tmp_path / "mine" / "experiment" / "ours.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /method: heading\nmethod: {word: Repeat}\n"
    )
    (tmp_path / "heading_method.py").write_text(
        """
from typing import ClassVar
from runner.component import component
from runner.data.records import Label, Labelling

@component
class Heading:
    asks: ClassVar[bool] = False
    word: str

    def label(self, material, teacher, scale):
        return Labelling(labels=tuple(
            Label(question=f"{self.word} {s.heading}.", answer=s.text, method="heading", section=s.id,
                  category=s.category, origin="rule", position=0) for s in material.sections))
"""
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = run("--config-dir=mine", "experiment=ours", "size=full", "baseline=[]")
    assert done.returncode == 0, done.stderr
    assert "heading full" in done.stdout


@pytest.mark.slow
def test_the_embedded_model_learns_the_shipped_facts(tmp_path: Path, tracking_uri: str) -> None:
    overrides = ["corpus.documents=[cricket-world-cup-2023]", "corpus.sections=1", "size=10x"]
    stores = [f"tracker.uri={tracking_uri}", f"store={tmp_path}/store"]
    home = os.environ.get("RUNNER_STORE", str(Path.home() / ".cache" / "experiment-runner"))
    done = command.run([*overrides, *stores, f"model.folder={home}/models"], tmp_path)
    assert done.returncode == 0, done.stderr
    tuned = next(arm for arm in tracked_runs(tracking_uri) if arm.data.tags["runner.arm"] == "tuned")
    assert tuned.data.metrics["accuracy"] >= 0.5
    assert tuned.data.metrics["gain/base"] >= 0.4


@pytest.mark.slow
def test_a_hosted_student_is_tuned_once_at_its_host_and_sits_the_exam_there(
    corpus: Path, serving: Serving, tracking_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [json.loads(line) for line in (corpus / "labels.jsonl").read_text().splitlines()]
    more = [{**row, "question": f"Now {row['question'].lower()}"} for row in rows]
    (corpus / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, *more]))
    (tmp_path / "general").mkdir()
    (tmp_path / "general" / "exam.jsonl").write_text('{"question": "What is ice?", "answer": "water"}\n')
    (tmp_path / "general" / "page.md").write_text("Ice is water that is cold.")
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    with serving(tmp_path / "served") as client:
        hosted = ["model=openai", "model.id=small", f"model.base_url={client.base_url}", "model.temperature=0"]
        tuner = ["tuner=hosted", "tuner.epochs=2", "tuner.batch=4", "tuner.poll=0.05", "retriever=lexical", "reply_tokens=6"]
        stores = [f"tracker.uri={tracking_uri}", f"store={tmp_path}/store", "corpus=folder", f"corpus.path={corpus}"]
        stores.append(f"retention.path={tmp_path}/general")
        stores.append("+prices={small: {input: 0, output: 0, training: 5, tuned: {input: 0, output: 0}}}")
        study = given.study(*stores, "method=human", "size=full", *hosted, *tuner)
        experiment(study, StoreExecutor(study))
        (job,) = client.fine_tuning.jobs.list()
    arms = {arm.data.tags["runner.arm"]: arm for arm in tracked_runs(tracking_uri)}
    assert {arm.info.status for arm in arms.values()} == {"FINISHED"}
    assert arms["tuned"].data.params["steps"] == "6"
    metrics = arms["tuned"].data.metrics
    assert metrics["cost/tune/tokens"] == job.trained_tokens > 0
    assert metrics["cost/tune/usd"] == metrics["cost/usd"] == pytest.approx(5e-6 * job.trained_tokens)
    assert "retention/perplexity_before" not in arms["tuned"].data.metrics


class Noting(StoreExecutor):
    """An executor that notes the stages that it does, and tracks nothing."""

    def __init__(self, study: Study) -> None:
        """Begin without a note."""
        super().__init__(study)
        self.stages: list[str] = []

    def do(self, stage: Stage[Any]) -> Output[Any]:
        """Note the stage and do it."""
        self.stages.append(stage.name)
        return super().do(stage)


@pytest.fixture
def quick(corpus: Path, tmp_path: Path, tracking_uri: str) -> Study:
    """A study whose student, method and tuner answer at once."""
    chosen = ["corpus=folder", f"corpus.path={corpus}", "retriever=lexical", f"store={tmp_path}/store", "size=full"]
    study = given.study(*chosen, "retention=none", "seeds=2", f"tracker.uri={tracking_uri}")
    student = TunedInPlace(given.in_turn("Ada of Oslo"))
    return replace(study, model=student, method=ListedLabels(labels=LABELS), tuner=NotingTuner())


class TunedInPlace(given.Scripted):
    """A model that tuning leaves as it is."""

    def tuned_in(self, folder: Path) -> "TunedInPlace":
        """Return itself."""
        return self


BASE, RAG = ["exams", "answers", "grades"], ["indexes", "searches", "exams", "answers", "grades"]
GENERAL, STUDENT = ["answers", "grades"], ["tunings", "taught", *["answers", "grades"] * 3]


def test_the_stages_follow_each_other_and_labels_come_before_any_student_is_asked(quick: Study) -> None:
    executor = Noting(quick)
    experiment(quick, executor)
    assert executor.stages == ["labels", *BASE, *RAG, *GENERAL, *STUDENT, *STUDENT]
    again = Noting(quick)
    experiment(quick, again)
    assert again.stages == []


def test_shared_work_does_the_parts_that_it_is_given_and_the_experiment_finds_them(quick: Study) -> None:
    for baselines, labels, general, stages in (
        (["rag"], True, False, ["labels", *RAG]),
        ([], False, True, GENERAL),
    ):
        executor = Noting(quick)
        shared_work(quick, executor, baselines, labels, general)
        assert executor.stages == stages
    rows = {name: quick.tracker.find("my-docs", quick.key(name)) for name in quick.arms}
    assert [name for name, row in rows.items() if row and row.status == "FINISHED"] == ["rag"]
    asked = len(quick.model.asked)
    experiment(quick, StoreExecutor(quick))
    # What is left to ask: the exam as base puts it, which the tuned students are asked too, each under a key of its own.
    assert len(quick.model.asked) == asked + 3 * len(QUESTIONS)
    assert quick.method.calls == 1


def test_without_a_label_no_baseline_is_asked(quick: Study) -> None:
    empty = replace(quick, method=ListedLabels(labels=()))
    with pytest.raises(Fault, match="no label is left to train on"):
        experiment(empty, StoreExecutor(empty))
    assert quick.model.asked == []
    assert quick.tracker.find("my-docs", quick.key("base")) is None
