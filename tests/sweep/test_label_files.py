"""The labels of each study go to its folder, and nowhere where none is named."""

from pathlib import Path

import pytest

from runner.sweep.label_files import write_folders
from tests import given
from tests.sweep.given import corpus


def test_a_run_writes_into_the_folder_and_a_sweep_into_folders_below(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*corpus(tmp_path / "docs", "Who won?"), "method=human", f"store={tmp_path}/store", "task=label", "labels_as=[chat]"]
    write_folders([given.study(*words)], several=False)
    assert capsys.readouterr().out == ""
    study = given.study(*words, f"labels_to={tmp_path}/out")
    write_folders([study], several=True)
    assert (tmp_path / "out" / "cup" / "human-5x" / "chat.jsonl").exists()
    assert f"{tmp_path}/out/cup/human-5x" in capsys.readouterr().out
