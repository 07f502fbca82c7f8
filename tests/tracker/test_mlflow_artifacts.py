"""Missing and cut artifacts are noticed, and stale ones removed."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.errors import Fault
from runner.tracker.mlflow import MLflow
from tests.tracker.given import ARM, found


def finished(tracker: MLflow) -> Path:
    """Track an arm; return the folder of its artifacts."""
    tracker.check("corpus")
    with tracker.run("corpus", "k", "fact 5x", ARM) as run:
        run.table("answers", [{"id": "a", "grade": "pass"}])
        run.text("ledger.json", "[]")
    return Path(tracker.uri.removeprefix("sqlite:///")).parent / "artifacts" / "corpus" / run.id / "artifacts"


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


@pytest.mark.parametrize(
    ("name", "damage"),
    [("answers.json", Path.unlink), ("answers.json", cut), ("ledger.json", lambda file: file.write_bytes(b""))],
    ids=["removed", "cut", "emptied"],
)
def test_an_arm_with_a_missing_or_cut_artifact_is_tracked_again(
    tracker: MLflow, name: str, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    folder = finished(tracker)
    damage(folder / name)
    assert found(tracker).status == "INCOMPLETE"
    with caplog.at_level(logging.WARNING, "runner"), tracker.run("corpus", "k", "fact 5x", ARM) as run:
        assert not run.finished
        run.table("answers", [{"id": "a", "grade": "pass"}])
        run.text("ledger.json", "[]")
    assert f"fact 5x: artifacts are missing or cut in {folder}, so it is tracked again" in caplog.text
    assert found(tracker).status == "FINISHED"
    assert tracker.rows(run.id, "answers") == [{"id": "a", "grade": "pass"}]


def test_an_arm_of_an_earlier_version_needs_its_tables(tracker: MLflow) -> None:
    folder = finished(tracker)
    MlflowClient(tracker.uri).delete_tag(found(tracker).id, "runner.files")
    assert found(tracker).status == "FINISHED"
    (folder / "answers.json").unlink()
    assert found(tracker).status == "INCOMPLETE"


def test_a_table_of_the_same_size_with_other_content_is_a_fault_that_names_it(tracker: MLflow) -> None:
    file = finished(tracker) / "answers.json"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"pass", b"fail"))
    with pytest.raises(Fault) as fault:
        tracker.rows(found(tracker).id, "answers")
    assert f"{file}. Delete this file" in str(fault.value)


def test_a_table_that_is_gone_is_a_fault_and_not_an_empty_table(tracker: MLflow) -> None:
    file = finished(tracker) / "answers.json"
    run = found(tracker).id
    assert tracker.rows(run, "facts") == []
    file.unlink()
    with pytest.raises(Fault, match=rf"^answers\.json of the run {run} is missing in {file.parent}\. "):
        tracker.rows(run, "answers")
    # Of an earlier version, which noted its tables only.
    MlflowClient(tracker.uri).delete_tag(run, "runner.files")
    with pytest.raises(Fault, match="is missing"):
        tracker.rows(run, "answers")


def test_a_deleted_run_is_not_found(tracker: MLflow) -> None:
    finished(tracker)
    MlflowClient(tracker.uri).delete_run(found(tracker).id)
    assert tracker.find("corpus", "k") is None


def test_what_a_killed_or_failed_attempt_left_is_removed_at_the_end(tracker: MLflow) -> None:
    tracker.check("corpus")
    with pytest.raises(ValueError), tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "")
        raise ValueError
    folder = Path(tracker.uri.removeprefix("sqlite:///")).parent / "artifacts" / "corpus" / run.id / "artifacts"
    (folder / ".artifact.uploading.x1").write_text("half")
    assert (folder / "traceback.txt").exists()
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "")
        (folder / ".artifact.uploading.x2").write_text("of another command")
        os.utime(folder / ".artifact.uploading.x2", (2**32, 2**32))
    assert sorted(file.name for file in folder.iterdir()) == [".artifact.uploading.x2", "config.yaml"]
