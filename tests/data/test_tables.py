"""Tables of questions and answers are read into rows with their places; the corpus's tests read many more of them."""

import re
from pathlib import Path

import pytest

from runner.data.tables import TableLine, TableRow, refuse_leaks, rows
from runner.errors import Fault


class Word(TableRow):
    """A row with one more field."""

    language: str = ""


def test_every_row_carries_its_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "words.jsonl"
    file.write_text('{"question": "a?", "answer": "b"}\n\n{"question": "c?", "answer": "d"}\n')
    assert [line.where for line in rows(tmp_path, "words", TableRow) or []] == [f"{file}:1", f"{file}:3"]


def test_no_file_is_no_rows(tmp_path: Path) -> None:
    assert rows(tmp_path, "words", TableRow) is None


def test_a_fault_names_the_fields_that_this_kind_of_row_may_have(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("question,answer,tongue\na?,b,Norse\n")
    with pytest.raises(Fault, match=re.escape("question, answer and, where known, category, language")):
        rows(tmp_path, "words", Word)


def test_a_question_that_is_both_asked_and_taught_is_told_with_both_places() -> None:
    asked = [TableLine("exam.jsonl:1", TableRow(question="Who won the cup?", answer="Ada"))]
    taught = [TableLine("labels.csv:7", TableRow(question="who won cup", answer="Ada"))]
    with pytest.raises(Fault, match=r"in the labels and in the exam[^\n]*\nlabels\.csv:7 and exam\.jsonl:1: who won cup"):
        refuse_leaks(asked, taught, "labels")
