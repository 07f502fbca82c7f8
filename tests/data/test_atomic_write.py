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


def test_a_draft_may_lie_elsewhere_and_none_stays_after_an_error(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="file"):
        publish(tmp_path / "file", "a file can't replace a folder", drafts=tmp_path / "drafts")
    publish(tmp_path / "other", "content", drafts=tmp_path / "drafts")
    assert (list((tmp_path / "drafts").iterdir()), (tmp_path / "other").read_text()) == ([], "content")
