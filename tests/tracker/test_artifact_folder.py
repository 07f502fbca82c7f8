"""Artifacts lie beside the SQLite file, also after a move."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.tracker.artifact_folder import folder_of
from runner.tracker.mlflow import MLflow
from tests.tracker.given import ARM


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "..", ".", "a\\..\\b", "x" * 400, "a\tb", " . ", "…", "C:x"], ids=str)
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "mlflow.db", name)
    folder.mkdir(parents=True)
    assert folder.resolve().parent == tmp_path / "artifacts"


def test_a_plain_name_is_the_name_of_the_folder(tmp_path: Path) -> None:
    assert folder_of(tmp_path / "mlflow.db", "Größe v1.2 (final)") == tmp_path / "artifacts" / "Größe v1.2 _final_"


def test_a_title_that_is_a_path_writes_beside_the_file(tracker: MLflow, tmp_path: Path) -> None:
    tracker.check("../../x")
    with tracker.run("../../x", "k", "n", ARM) as run:
        run.text("config.yaml", "")
    assert [path.name for path in tmp_path.iterdir()] == ["tracking"]
    assert tracker.said(run.id, "config.yaml") == ""
    assert list((tmp_path / "tracking" / "artifacts").glob("*/*/artifacts/config.yaml"))


@pytest.mark.parametrize("move", [shutil.move, shutil.copytree], ids=["moved", "copied"])
def test_a_store_in_another_place_is_read_and_written_there(
    tracker: MLflow, tmp_path: Path, move: Callable[[str, str], object]
) -> None:
    tracker.check("corpus")
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", [{"id": "a"}])
    old = tmp_path / "tracking"
    move(str(old), str(tmp_path / "new place"))
    before = sorted(old.rglob("*"))
    moved = MLflow(uri=f"sqlite:///{tmp_path}/new place/mlflow.db")
    moved.check("corpus")
    row = moved.find("corpus", "k")
    assert row
    assert (row.id, row.status, moved.rows(run.id, "answers")) == (run.id, "FINISHED", [{"id": "a"}])
    with moved.run("corpus", "k2", "n", ARM) as second:
        second.text("config.yaml", "")
    assert sorted(old.rglob("*")) == before
    # MLflow itself, and so its pages, find the artifacts too.
    plain = MlflowClient(f"sqlite:///{tmp_path}/new place/mlflow.db")
    assert {file.path for file in plain.list_artifacts(run.id)} == {"answers.json"}


def test_artifacts_that_a_user_placed_elsewhere_stay_there(tracker: MLflow, tmp_path: Path) -> None:
    client = MlflowClient(tracker.uri)
    client.create_experiment("corpus", artifact_location=(tmp_path / "big-disk").as_uri())
    tracker.check("corpus")
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "")
    assert (tmp_path / "big-disk" / run.id / "artifacts" / "config.yaml").exists()
