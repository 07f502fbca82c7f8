"""A folder is this program's by a file that no other program writes."""

import json
from pathlib import Path

import pytest

from runner.data.own_folders import KEYS, WEIGHTS, check_free, is_own, written_before
from runner.errors import Fault


@pytest.mark.parametrize("name", KEYS)
def test_a_mark_tells_our_folder_from_one_with_a_file_of_the_same_name(tmp_path: Path, name: str) -> None:
    mark = tmp_path / name
    mark.write_text(json.dumps(dict.fromkeys(KEYS[name], "x")))
    assert is_own(tmp_path)
    for other in ("{}", "[1]", "[" * 100_000, "no json"):
        mark.write_text(other)
        assert not is_own(tmp_path)


def test_a_folder_without_a_mark_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").touch()
    assert not is_own(tmp_path)


def test_something_else_in_a_folder_is_a_fault_and_an_empty_one_is_free(tmp_path: Path) -> None:
    check_free(tmp_path, "export", ours=False)
    assert not written_before(tmp_path / WEIGHTS, "tuning", "x", "export: another model is")
    (tmp_path / WEIGHTS).write_text('{"tuning": "x"}')
    assert written_before(tmp_path / WEIGHTS, "tuning", "x", "export: another model is")
    with pytest.raises(Fault, match="export: another model is there already"):
        written_before(tmp_path / WEIGHTS, "tuning", "y", "export: another model is")
    with pytest.raises(Fault, match="something is there already"):
        check_free(tmp_path, "export", ours=False)


def test_a_folder_that_can_not_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match=r"labels_to=.*/file/labels: can't be written\. Name another folder: labels_to=PATH"):
        check_free(tmp_path / "file" / "labels", "labels_to", ours=False)
