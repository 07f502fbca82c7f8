"""The answers of a run stand beside the questions that it was asked, also after the exam has changed."""

import json
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from runner.config.components import component
from runner.config.exams import corrected
from runner.config.messages import CONF
from runner.config.reviews import read_standings
from runner.data.exam_set import own_exam
from runner.data.records import Question, digest
from runner.data.reviews import Review, append_review, question_item
from runner.review_page import Candidate
from runner.review_page.run_items import run_items
from runner.tracker.mlflow import MLflow
from tests.commands.given import overrides
from tests.review_page.browser import write_corpus

ROWS = [
    {
        "id": "first",
        "question": "How deep is it?",
        "answer": "64 bytes",
        "aliases": ["64"],
        "section": "uart.md#FIFO",
        "category": "uart",
    },
    {"id": "second", "question": "How many ports has it?", "answer": "two", "section": "uart.md#FIFO", "category": "uart"},
]


class Sheet:
    """A corpus with an exam, and an arm that took it."""

    def __init__(self, folder: Path, uri: str) -> None:
        self.folder, self.uri = write_corpus(folder / "docs", {"uart.md": "# UART\n\n## FIFO\n\n64 bytes, two ports.\n"}, []), uri
        self.words = ["small", *overrides(uri, folder), f"store={folder}/store"]
        (self.folder / "labels.jsonl").unlink()
        settings: Any = OmegaConf.to_container(OmegaConf.load(CONF / "corpus" / "folder.yaml"))
        self.config = OmegaConf.create({"corpus": {**settings, "path": str(self.folder)}})
        self.examine(*ROWS)

    def examine(self, *rows: dict[str, Any]) -> None:
        """Write the exam."""
        (self.folder / "exam.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def exam(self) -> tuple[Question, ...]:
        """Return the exam that an arm would take now."""
        corpus = component(self.config, "corpus", "corpus", [])
        material = corpus.read()
        return corrected(own_exam(material), read_standings(corpus, material.sections, labels=False)).questions

    def take(self) -> None:
        """Track an arm that takes the exam as it is now."""
        tags = {"runner.kind": "arm", "runner.exam": digest(self.exam())}
        with MLflow(uri=self.uri).run("docs", "small", "fact 1x", tags) as run:
            run.text("config.yaml", OmegaConf.to_yaml(self.config))
            rows = ({"id": each.id, "question": each.question, "reference": each.answer} for each in self.exam())
            run.table("answers", [{**row, "category": "uart", "answer": "60", "grade": "fail", "fact": ""} for row in rows])

    def answers(self) -> tuple[list[Candidate], str]:
        """Return the run's answers as items, and the notes."""
        gathered = run_items(self.words)
        return [each for each in gathered.candidates if each.item.kind == "answer"], " ".join(gathered.notes)

    def edit(self, **after: Any) -> None:
        """Edit the first question in review."""
        before = question_item(component(self.config, "corpus", "corpus", []).read().questions[0])
        edited = type(before)(**{**vars(before), **after})
        append_review(
            self.folder / "reviews.jsonl", Review(verdict="edit", before=before, after=edited, who="Ada", when="2026-11-30")
        )


@pytest.fixture
def sheet(tmp_path: Path, tracking_uri: str) -> Sheet:
    return Sheet(tmp_path, tracking_uri)


@pytest.mark.parametrize("before", [False, True])
def test_an_answer_keeps_the_reference_that_it_was_graded_by_whether_the_edit_came_before_or_later(
    sheet: Sheet, before: bool
) -> None:
    if before:
        sheet.edit(answer="128 bytes", aliases=("128",))
    sheet.take()
    if not before:
        sheet.edit(answer="128 bytes", aliases=("128",))
    answers, notes = sheet.answers()
    deep, ports = (each.item for each in answers)
    assert (deep.reference, deep.aliases) == (("128 bytes", ("128",)) if before else ("64 bytes", ("64",)))
    assert (deep.section, ports.reference, notes) == ("uart.md#FIFO", "two", "")


def test_an_answer_to_a_question_of_an_exam_that_was_replaced_is_shown_with_a_note(sheet: Sheet) -> None:
    sheet.take()
    sheet.examine({**ROWS[0], "answer": "128 bytes", "aliases": ["128"]}, ROWS[1])
    answers, notes = sheet.answers()
    deep, ports = (each.item for each in answers)
    assert (deep.question, deep.reference, deep.aliases, deep.section) == ("How deep is it?", "64 bytes", (), "uart.md#FIFO")
    assert (ports.reference, ports.section) == ("two", "uart.md#FIFO")
    assert "exam has changed since fact 1x" in notes and "1 of 2 are others today" in notes


def test_a_question_that_the_exam_no_longer_holds_is_not_given_the_section_of_another(sheet: Sheet) -> None:
    sheet.take()
    sheet.examine({"id": "first", "question": "Who made it?", "answer": "Ada", "category": "uart"}, ROWS[1])
    deep, _ = (each.item for each in sheet.answers()[0])
    assert (deep.question, deep.reference, deep.section) == ("How deep is it?", "64 bytes", "")


def test_only_questions_that_an_arm_was_asked_are_items(sheet: Sheet) -> None:
    sheet.take()
    sheet.examine(*ROWS, {"id": "third", "question": "Who made it?", "answer": "Ada", "category": "uart"})
    asked = [each.item.question for each in run_items(sheet.words).candidates if each.item.kind == "question"]
    assert asked == [row["question"] for row in ROWS]
