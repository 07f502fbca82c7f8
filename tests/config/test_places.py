"""Places of settings."""

from pathlib import Path

import pytest

from runner.config.places import CONF, PACKAGE, own_files


def test_the_shipped_yaml_is_there() -> None:
    assert (CONF / "config.yaml").is_file()
    assert (PACKAGE / "run.py").is_file()


def test_files_of_ones_own_are_listed_that_of_the_project_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    assert own_files() == []
    user = tmp_path / "user" / "experiment-runner" / "config.yaml"
    user.parent.mkdir(parents=True)
    for file in (user, tmp_path / "experiment-runner.yaml"):
        file.write_text("seed: 1\n")
    assert own_files() == [Path("experiment-runner.yaml"), user]
