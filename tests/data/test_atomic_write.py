"""Files that are written by one rename."""

from pathlib import Path

import pytest

from runner.data.atomic_write import publish


@pytest.mark.parametrize("lasting", [False, True])
def test_a_file_holds_what_was_written_last_and_nothing_lies_beside_it(tmp_path: Path, lasting: bool) -> None:
    for content in ("first, and longer", "second"):
        publish(tmp_path / "file", content, lasting=lasting)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_half_a_surrogate_pair_is_written_as_it_is(tmp_path: Path) -> None:
    publish(tmp_path / "file", "\ud83d")
    assert (tmp_path / "file").read_bytes().decode("utf-8", "surrogatepass") == "\ud83d"
