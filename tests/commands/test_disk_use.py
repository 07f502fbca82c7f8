"""The disk use of the store that the settings name is printed."""

from pathlib import Path

import pytest

from runner.commands.disk_use import show_disk_use
from runner.store.local import LocalStore


def test_the_store_of_the_settings_is_shown_by_stage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    LocalStore(tmp_path).keep("labels", 1, lambda folder: None, Path.iterdir)
    show_disk_use([f"store={tmp_path}"])
    printed = capsys.readouterr().out
    assert [word for word in (str(tmp_path), "labels", "all", "made again") if word not in printed] == []
    assert "drafts" not in printed


def test_a_store_without_files_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_disk_use([f"store={tmp_path}/new"])
    assert capsys.readouterr().out == f"the store {tmp_path}/new is empty\n"
    assert not (tmp_path / "new").exists()
