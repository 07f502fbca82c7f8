"""Withdrawn facts are asked for as the exam is, apart from it, and tracked as such."""

from dataclasses import replace
from pathlib import Path

from runner.config.study import Study
from runner.data.records import Prompt
from runner.pipeline.answer import untuned
from runner.pipeline.results import NOT_ASKED, Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.tracking import TrackedArm
from runner.pipeline.withdrawn import ask_withdrawn
from tests import given
from tests.pipeline.given import result

EXAM = """\
{"question": "Who won?", "answer": "Ada", "edition": "new"}
{"question": "Who won before?", "answer": "Bob", "edition": "withdrawn"}
{"question": "Who lost before?", "answer": "Eve", "edition": "withdrawn"}
"""


def edition(folder: Path, *overrides: str) -> Study:
    """A study of a corpus with two withdrawn facts."""
    (folder / "documents").mkdir()
    (folder / "documents" / "cup.md").write_text("# Cup\n\nAda won the cup.\n", encoding="utf-8")
    (folder / "exam.jsonl").write_text(EXAM, encoding="utf-8")
    common = ["corpus=folder", f"corpus.path={folder}", "retriever=lexical", f"store={folder}/store"]
    return given.study(*common, *overrides)


def answers(prompt: Prompt) -> str:
    """Give the former answer to one of the two."""
    return "Bob" if "Who won before?" in prompt.messages[-1].content else "nobody"


def test_the_exam_holds_no_withdrawn_question(tmp_path: Path) -> None:
    study = edition(tmp_path)
    assert [question.question for question in study.material.questions] == ["Who won?"]
    assert [question.answer for question in study.withdrawn] == ["Bob", "Eve"]


def test_a_former_answer_passes_and_another_one_fails(tmp_path: Path) -> None:
    study = edition(tmp_path)
    student = Output(value=Checkpoint(model=given.Scripted(answers)))
    graded = ask_withdrawn(study, StoreExecutor(study), student)
    assert [grade.passed for grade in graded.grades] == [True, False]


def test_rag_reads_passages_of_today_for_withdrawn_questions_too(tmp_path: Path) -> None:
    study = edition(tmp_path)
    scripted = given.Scripted(answers)
    ask_withdrawn(study, StoreExecutor(study), Output(value=Checkpoint(model=scripted)), "rag")
    assert len(scripted.asked) == 2
    assert all("Ada won the cup." in prompt.messages[-1].content for prompt in scripted.asked)


def test_an_exam_without_withdrawn_questions_asks_nothing(study: Study) -> None:
    assert ask_withdrawn(study, StoreExecutor(study), untuned(study)) is NOT_ASKED


def test_withdrawn_questions_change_the_key_of_every_arm(tmp_path: Path) -> None:
    study = edition(tmp_path)
    key = study.key("base")
    (tmp_path / "exam.jsonl").write_text(EXAM.replace("Eve", "Kim"), encoding="utf-8")
    assert replace(study).key("base") != key


def test_answers_about_withdrawn_facts_stand_in_a_table_of_their_own(tmp_path: Path, tracking_uri: str) -> None:
    study = edition(tmp_path, f"tracker.uri={tracking_uri}")
    with study.tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        arm = TrackedArm(study, run)
        arm.report_baseline(result(study.material.questions, True), withdrawn=result(study.withdrawn, True, False))
    tracked = study.tracker.find("corpus", "k")
    assert tracked
    assert (tracked.metrics["stale"], tracked.metrics["accuracy"]) == (0.5, 1)
    assert [row["reference"] for row in study.tracker.rows(run.id, "answers")] == ["Ada"]
    assert [(row["reference"], row["grade"]) for row in study.tracker.rows(run.id, "withdrawn")] == [
        ("Bob", "pass"),
        ("Eve", "fail"),
    ]
