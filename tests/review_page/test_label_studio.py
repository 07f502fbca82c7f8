"""Label Studio's tasks: annotations of its own users are read too, and other files are refused."""

import json
from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.review_page.label_studio import INTERFACE, TEXTS, rows_of_tasks

CHOICE = {"from_name": "verdict", "to_name": "answer", "type": "choices", "value": {"choices": ["reject"]}}


def test_an_annotation_without_a_name_is_that_of_its_author() -> None:
    annotation = {"completed_by": {"email": "ada@example.org"}, "created_at": "2026-11-30T09:00:00Z", "result": [CHOICE]}
    cancelled = {"was_cancelled": True, "result": [CHOICE]}
    text = json.dumps([{"id": 7, "data": {"item": "abc", "source": "5f"}, "annotations": [annotation, cancelled]}])
    ((_, row),) = rows_of_tasks(Path("tasks.json"), text)
    expected = {"verdict": "reject", "who": "ada@example.org", "when": "2026-11-30T09:00:00Z", "source": "5f"}
    assert row == {"id": "abc", **expected}


@pytest.mark.parametrize(("text", "reason"), [("{", "no JSON"), ("{}", "list of tasks"), ('[{"data": {}}]', r"no data\.item")])
def test_other_files_are_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        list(rows_of_tasks(Path("tasks.json"), text))


def test_the_interface_has_a_part_for_what_people_write() -> None:
    assert [name for name in TEXTS[:5] if f'name="{name}"' not in INTERFACE] == []
