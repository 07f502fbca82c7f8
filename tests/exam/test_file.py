"""The exam of a corpus, or of a file, is taken as it is; without a question it is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.records import Material
from runner.errors import Fault
from runner.exam.file import File
from tests.given import Scripted, question, section

SILENT = Scripted(lambda prompt: "")
OWN = Material(sections=(section(),), questions=(question(),))


def test_without_a_path_the_questions_are_the_corpuss_own() -> None:
    assert File().write(OWN, SILENT).questions is OWN.questions


def test_questions_of_the_corpus_that_a_model_wrote_do_not_count_as_peoples() -> None:
    assert File().write(OWN, SILENT).origin == ""
    assert File().write(replace(OWN, exam_origin="written by m"), SILENT).origin == "written by m"


def test_a_file_replaces_the_corpuss_own_questions(tmp_path: Path) -> None:
    (tmp_path / "checked.jsonl").write_text(json.dumps({"question": "Who won?", "answer": "Ada", "section": "cup.md#Final"}))
    exam = File(path=str(tmp_path / "checked.jsonl")).write(OWN, SILENT)
    assert [(asked.question, asked.section, asked.category) for asked in exam.questions] == [("Who won?", "cup.md#Final", "cup")]


def test_a_corpus_without_a_question_is_refused_with_what_to_write() -> None:
    with pytest.raises(Fault, match=r"no exam question.* no exam\.jsonl or exam\.csv.*exam=written.*exam=cloze.*exam\.path=FILE"):
        File().write(Material(sections=(section(),), questions=()), SILENT)
