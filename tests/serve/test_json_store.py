"""JSON objects on disk, and lists of them page by page."""

from pathlib import Path

import pytest

from runner.serve.api_errors import ApiError
from runner.serve.json_store import JsonStore, page


def test_objects_are_there_again_in_their_order_when_the_store_is_opened_again(tmp_path: Path) -> None:
    store = JsonStore(tmp_path, "object")
    for name, at in (("b", 1), ("a", 2)):
        store.save({"id": name, "created_at": at})
    store.save({"id": "b", "created_at": 1, "changed": True})
    assert JsonStore(tmp_path, "object").all() == [
        {"id": "b", "created_at": 1, "changed": True},
        {"id": "a", "created_at": 2},
    ]


def test_what_was_half_written_at_a_kill_is_not_read(tmp_path: Path) -> None:
    JsonStore(tmp_path, "object").save({"id": "a", "created_at": 1})
    (tmp_path / "a" / "document.draft").write_text('{"id": "a", "cre')
    assert JsonStore(tmp_path, "object").get("a") == {"id": "a", "created_at": 1}


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
