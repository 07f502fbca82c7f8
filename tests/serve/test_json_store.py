"""JSON objects on disk, and lists of them page by page."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from runner.serve.api_errors import ApiError
from runner.serve.json_store import JsonStore, lines, page


class Thing(BaseModel):
    """What the stores of these tests keep."""

    id: str
    created_at: int


def test_objects_are_there_again_in_their_order_when_the_store_is_opened_again(tmp_path: Path) -> None:
    store = JsonStore(tmp_path, "object", Thing)
    for name, at in (("b", 1), ("a", 2)):
        store.save({"id": name, "created_at": at})
    store.save({"id": "b", "created_at": 1, "changed": True})
    assert JsonStore(tmp_path, "object", Thing).all() == [
        {"id": "b", "created_at": 1, "changed": True},
        {"id": "a", "created_at": 2},
    ]


def test_what_was_half_written_at_a_kill_is_not_read(tmp_path: Path) -> None:
    JsonStore(tmp_path, "object", Thing).save({"id": "a", "created_at": 1})
    (tmp_path / "a" / "document.draft").write_text('{"id": "a", "cre')
    assert JsonStore(tmp_path, "object", Thing).get("a") == {"id": "a", "created_at": 1}


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b'{"id": "b", "cre',
        b"null",
        b"[" * 100_000,
        b'{"id": "b"}',
        b'{"id": "b", "created_at": "today"}',
        b'{"id": "../a", "created_at": 2}',
        b'{"id": "\xff", "created_at": 2}',
    ],
)
def test_a_damaged_object_is_left_out_with_a_line_and_the_others_are_there(
    tmp_path: Path, damaged: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    JsonStore(tmp_path, "object", Thing).save({"id": "a", "created_at": 1})
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "document.json").write_bytes(damaged)
    assert [record["id"] for record in JsonStore(tmp_path, "object", Thing).all()] == ["a"]
    assert f"{tmp_path}/b/document.json holds no object that can be read" in caplog.text
    assert (tmp_path / "b" / "document.json").read_bytes() == damaged


def test_of_two_who_delete_one_object_one_is_told_that_it_is_gone(tmp_path: Path) -> None:
    store = JsonStore(tmp_path, "object", Thing)
    store.save({"id": "a", "created_at": 1})
    store.delete("a")
    with pytest.raises(ApiError, match="no object 'a' is kept here"):
        store.delete("a")
    assert not store.folder_of("a").exists()


def test_lines_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    rows = [json.dumps({"id": name, "created_at": 1}).encode() for name in "ab"]
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join([b"", rows[0], rows[1][:9], b"\xff", b'{"id": 1}', rows[1]]))
    assert [row["id"] for row in lines(tmp_path / "rows.jsonl", Thing)] == ["a", "b"]
    assert lines(tmp_path / "none.jsonl", Thing) == []


def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    records = [{"id": str(number)} for number in range(5)]
    first = page(records, None, 2)
    second = page(records, first["last_id"], 2)
    third = page(records, second["last_id"], 2)
    assert [*first["data"], *second["data"], *third["data"]] == records
    assert [first["has_more"], second["has_more"], third["has_more"]] == [True, True, False]


def test_a_page_after_nothing_that_is_there_is_refused() -> None:
    with pytest.raises(ApiError, match="after='x'"):
        page([{"id": "a"}], "x", 2)
