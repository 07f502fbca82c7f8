"""Past runs are listed newest first, each arm below the sweep that made it."""

from pathlib import Path

import pytest

from runner.commands.list_runs import list_runs
from tests.commands.given import overrides, past


def test_sweeps_and_runs_are_listed_with_their_arms(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = past(tracking_uri)
    list_runs(overrides(tracking_uri, tmp_path))
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split() == ["began", "id", "corpus", "status", "accuracy", "name"]
    listed = [next(name for name, identity in ids.items() if line.split()[2] == identity[:8]) for line in lines]
    assert listed == ["other", "second", "large", "first", "base", "small"]
    assert [lines[4].split()[3:], lines[4].endswith("    base"), lines[3].endswith("  size=1x")] == [
        ["cup", "finished", "25.0%", "base"],
        True,
        True,
    ]


def test_a_place_without_runs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    list_runs(overrides(f"sqlite:///{tmp_path}/none/mlflow.db", tmp_path))
    assert capsys.readouterr().out == (
        f"no run is tracked in sqlite:///{tmp_path}/none/mlflow.db (from the folder {Path.cwd()}). Start run.py in the folder of "
        "the earlier command, or name its place: run.py --list tracker.uri=sqlite:///FOLDER/mlruns/mlflow.db\n"
    )
