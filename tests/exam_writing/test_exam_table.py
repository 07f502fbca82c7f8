"""A file of exam questions is read as a corpus's own exam, and checked against its sections."""

import json
from pathlib import Path

import pytest

from runner.data.records import Material
from runner.errors import Fault
from runner.exam_writing.exam_table import read_exam
from tests.given import section

MATERIAL = Material(sections=(section(),), questions=())


def exam(folder: Path, **more: str) -> Path:
    """A file with a question on who won."""
    file = folder / "exam.jsonl"
    file.write_text(json.dumps({"question": "Who won?", "answer": "Ada", **more}) + "\n")
    return file


def test_a_file_and_its_folder_give_the_same_questions(tmp_path: Path) -> None:
    file = exam(tmp_path, section="cup.md#Final", fact="Ada won.")
    (question,) = read_exam(file, MATERIAL).questions
    assert (question.section, question.fact) == ("cup.md#Final", "Ada won.")
    assert read_exam(tmp_path, MATERIAL).questions == (question,)


def test_a_missing_file_is_named_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"exam\.path=.*/none\.jsonl: no such exam\. Expected a file of questions"):
        read_exam(tmp_path / "none.jsonl", MATERIAL)
    with pytest.raises(Fault, match=r"no such exam"):
        read_exam(tmp_path, MATERIAL)


def test_a_section_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"exam\.jsonl:1: no section 'cup\.md#Finale'.*cup\.md#Final"):
        read_exam(exam(tmp_path, section="cup.md#Finale"), MATERIAL)


def test_an_answer_that_its_section_does_not_state_is_noted(tmp_path: Path) -> None:
    file = exam(tmp_path, section="cup.md#Final")
    assert read_exam(file, MATERIAL).notes == ()
    file.write_text(file.read_text().replace('"Ada"', '"Bob"'))
    assert "1 of 1 answers stand nowhere in their section" in read_exam(file, MATERIAL).notes[0]
