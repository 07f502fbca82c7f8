"""Further columns are told from misspelt ones, and change no hash of records without them."""

from dataclasses import replace

import pytest

from runner.data.extra_columns import cells, check_columns, columns
from runner.data.records import Label, Question, digest, read, write
from runner.errors import Fault
from tests.given import label, question


def test_records_without_further_columns_have_the_hash_that_they_had_before_there_were_any() -> None:
    assert digest([question(), label()]) == "9ea5d560e417b7d1a4ba2a71815ddaa7"


@pytest.mark.parametrize("record", [question(), label()])
def test_further_columns_are_in_the_hash_and_survive_being_written(record: Question | Label, tmp_path) -> None:
    extended = replace(record, extra={"difficulty": "hard", "level": 3, "share": 1.0, "checked": True})
    assert digest(extended) != digest(record)
    write(tmp_path / "records.jsonl", [extended, record])
    kept = read(tmp_path / "records.jsonl", type(record))
    assert kept == (extended, record)
    assert [type(value) for value in kept[0].extra.values()] == [str, int, float, bool]


@pytest.mark.parametrize("name", ["awnser", "catgory", "Category", "questions", "alias"])
def test_a_column_that_looks_like_a_known_one_is_refused(name: str) -> None:
    with pytest.raises(Fault, match=f"{name}' looks like"):
        check_columns({name: "x"}, ["question", "answer", "category", "aliases"])


def test_every_row_has_every_further_column_as_words() -> None:
    hard, plain = question("a"), question("b")
    hard = replace(hard, extra={"level": 3, "checked": True})
    assert columns([hard, plain]) == ["checked", "level"]
    assert [cells(row, columns([hard, plain])) for row in (hard, plain)] == [
        {"checked": "true", "level": "3"},
        {"checked": "", "level": ""},
    ]
