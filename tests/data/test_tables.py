"""Tables of questions and answers are read into rows with their places; the corpus's tests read many more of them."""

import re
from pathlib import Path

import datasets
import pytest

from runner.data.tables import ExamRow, TableLine, TableRow, refuse_leaks, rows, table_files
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


def test_a_category_that_looks_the_same_is_the_same(tmp_path: Path) -> None:
    lines = [
        f'{{"question": "q{number}", "answer": "a", "category": "caf{end}"}}' for number, end in enumerate(["\u00e9", "e\u0301"])
    ]
    (tmp_path / "exam.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert {line.row.category for line in rows(tmp_path, "exam", TableRow) or []} == {"caf\u00e9"}


def test_empty_rows_and_the_index_of_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text(",question,answer,category\n0,a?,b,\n,,,\n1,c?,d,x\n")
    assert [(line.row.question, line.row.category) for line in rows(tmp_path, "words", TableRow) or []] == [
        ("a?", ""),
        ("c?", "x"),
    ]


def test_a_field_that_is_null_is_not_given(tmp_path: Path) -> None:
    (tmp_path / "words.jsonl").write_text('{"question": "a?", "answer": "b", "category": null}\n')
    assert [line.row.category for line in rows(tmp_path, "words", TableRow) or []] == [""]


@pytest.mark.parametrize("form", ["parquet", "folder"])
def test_a_table_may_be_parquet_or_a_folder_of_datasets(tmp_path: Path, form: str) -> None:
    table = datasets.Dataset.from_dict(
        {"question": ["Who won?", "When?"], "answer": ["Ada", "1999"], "aliases": [["Ada L."], []], "category": ["cup", None]}
    )
    if form == "parquet":
        table.to_parquet(tmp_path / "exam.parquet")
    else:
        table.save_to_disk(tmp_path / "exam")
    lines = rows(tmp_path, "exam", ExamRow) or []
    assert [Path(line.where).name for line in lines] == (
        ["exam.parquet:1", "exam.parquet:2"] if form == "parquet" else ["exam:1", "exam:2"]
    )
    assert lines[0].row == ExamRow(question="Who won?", answer="Ada", aliases=["Ada L."], category="cup")
    assert next(file.parent.name for file in table_files(tmp_path, "exam")) == ("exam" if form == "folder" else tmp_path.name)


def test_numbers_are_text_in_every_format_and_true_is_not(tmp_path: Path) -> None:
    table = {
        "id": [7, 8],
        "question": ["How many?", "How far?"],
        "answer": [144, 1500],
        "aliases": [[12], None],
        "category": [2031, 1],
    }
    datasets.Dataset.from_dict(table).to_parquet(tmp_path / "exam.parquet")
    first, second = (line.row for line in rows(tmp_path, "exam", ExamRow) or [])
    assert first == ExamRow(id="7", question="How many?", answer="144", aliases=["12"], category="2031")
    assert second.answer == "1500"
    (tmp_path / "words.jsonl").write_text('{"question": "a?", "answer": 1.5}\n{"question": "b?", "answer": true}\n')
    with pytest.raises(Fault, match=r"words\.jsonl:2: answer: input should be a valid string, found True\. Expected"):
        rows(tmp_path, "words", TableRow)
    (tmp_path / "words.jsonl").write_text('{"question": "a?", "answer": 1.5}\n')
    assert [line.row for line in rows(tmp_path, "words", TableRow) or []] == [TableRow(question="a?", answer="1.5")]


def test_a_table_in_two_forms_is_refused(tmp_path: Path) -> None:
    (tmp_path / "exam.jsonl").write_text('{"question": "Who won?", "answer": "Ada"}\n')
    datasets.Dataset.from_dict({"question": ["Who won?"], "answer": ["Ada"]}).save_to_disk(tmp_path / "exam")
    with pytest.raises(Fault, match=r"holds both exam\.jsonl and exam: expected one of them"):
        rows(tmp_path, "exam", TableRow)
