"""A folder can be made below a folder, and below nothing else."""

from pathlib import Path

from runner.data.place import can_be_made


def test_a_folder_can_be_made_below_a_folder_and_not_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert can_be_made(tmp_path)
    assert can_be_made(tmp_path / "new" / "newer")
    assert not can_be_made(tmp_path / "file")
    assert not can_be_made(tmp_path / "file" / "new")
