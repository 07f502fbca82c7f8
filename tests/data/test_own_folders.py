"""A folder is this program's by a file that no other program writes."""

import json
from pathlib import Path

import pytest

from runner.data.own_folders import KEYS, is_own


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
