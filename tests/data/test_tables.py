"""Tables of questions and answers are read into rows with their places; the corpus's tests read many more of them."""

import re
from pathlib import Path

import pytest

from runner.data.tables import TableLine, TableRow, read_text, refuse_leaks, rows
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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfeq", r"begins as UTF-16, but byte 2 is none\. Save it as UTF-8"),
        ("q".encode("utf-16-le"), r"byte 1 is NUL, .* iconv -f UTF-16LE"),
        (b"caf\xe9", r"byte 3 is 0xe9.* iconv -f WINDOWS-1252"),
    ],
)
def test_a_text_in_another_encoding_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "our exam.csv").write_bytes(content)
    with pytest.raises(Fault, match=words):
        read_text(tmp_path / "our exam.csv")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_line_end_is_one(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.md").write_bytes(f"one{end}two{end}".encode())
    assert read_text(tmp_path / "a.md") == "one\ntwo\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_text_that_says_how_it_is_encoded_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.md").write_text("Größe: 5 µs", encoding=encoding)
    assert read_text(tmp_path / "a.md") == "Größe: 5 µs"


def test_empty_rows_and_the_index_of_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text(",question,answer,category\n0,a?,b,\n,,,\n1,c?,d,x\n")
    assert [(line.row.question, line.row.category) for line in rows(tmp_path, "words", TableRow) or []] == [
        ("a?", ""),
        ("c?", "x"),
    ]


def test_a_field_that_is_null_is_not_given(tmp_path: Path) -> None:
    (tmp_path / "words.jsonl").write_text('{"question": "a?", "answer": "b", "category": null}\n')
    assert [line.row.category for line in rows(tmp_path, "words", TableRow) or []] == [""]
