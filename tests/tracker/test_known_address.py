"""A tracker has one address from every folder, and no secret is in it."""

from pathlib import Path

import pytest

from runner.tracker import Addressed
from runner.tracker.known_address import known_address
from runner.tracker.mlflow import MLflow


def test_a_file_has_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tracker = MLflow(uri="sqlite:///mlruns/mlflow.db")
    assert isinstance(tracker, Addressed)
    assert known_address(tracker) == f"sqlite:///{tmp_path.resolve()}/mlruns/mlflow.db"


def test_a_password_is_not_in_it() -> None:
    assert "hush" not in known_address(MLflow(uri="postgresql://ada:hush@host/results"))


def test_a_tracker_without_an_address_is_known_by_its_class() -> None:
    class Own:
        """A tracker of one's own."""

    assert known_address(Own()).endswith("Own")  # type: ignore[arg-type]
