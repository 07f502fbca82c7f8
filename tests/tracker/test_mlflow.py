"""Tracking in a real MLflow store: the end of runs, finding them again, and faults of a store that cannot be used."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.errors import Fault
from runner.tracker.mlflow import MLflow
from tests.loopback import listening
from tests.tracker.given import ARM, SWEEP, artifact, found


def test_a_run_with_an_error_ends_failed_and_keeps_the_traceback(tracker: MLflow) -> None:
    with pytest.raises(ZeroDivisionError), tracker.run("corpus", "k", "n", ARM):
        _ = 1 / 0
    row = found(tracker)
    assert row.status == "FAILED"
    assert "ZeroDivisionError: division by zero" in artifact(tracker, row.id, "traceback.txt").read_text()
    assert row.tags["runner.reason"] == "division by zero"
    with tracker.run("corpus", "k", "n", ARM):
        pass
    assert "runner.reason" not in found(tracker).tags


def test_artifacts_that_would_have_no_place_are_told_before_any_work(tracker: MLflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # of a bucket no key is looked for in a cloud
    tracker.check("corpus")
    for name, place in (("bucket", "s3://bucket/results"), ("unknown", "nosuch://bucket/results")):
        MlflowClient(tracker.uri).create_experiment(name, artifact_location=place)
        with pytest.raises(Fault, match=rf"artifacts of the tracking store .* are at {place}, which can't be used: \w"):
            tracker.check(name)


def test_a_run_that_is_stopped_ends_killed(tracker: MLflow) -> None:
    with pytest.raises(KeyboardInterrupt), tracker.run("corpus", "k", "n", ARM):
        raise KeyboardInterrupt
    assert found(tracker).status == "KILLED"


def test_a_key_that_was_never_tracked_is_not_found(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM):
        pass
    assert tracker.find("corpus", "another") is None


def test_a_finished_arm_is_found_and_not_opened_again(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as first:
        assert not first.finished
    ended = MlflowClient(tracker.uri).get_run(first.id).info.end_time
    with tracker.run("corpus", "k", "n", ARM) as second:
        assert (second.id, second.finished) == (first.id, True)
        assert found(tracker).status == "FINISHED"
    assert MlflowClient(tracker.uri).get_run(first.id).info.end_time == ended


def test_a_finished_sweep_is_opened_again_under_the_same_id(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", SWEEP) as first:
        pass
    with tracker.run("corpus", "k", "n", SWEEP) as second:
        assert (second.id, second.finished) == (first.id, False)
        assert found(tracker).status == "RUNNING"
    assert found(tracker).status == "FINISHED"


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_an_arm_that_did_not_finish_is_taken_up_again_under_the_same_id(tracker: MLflow, end: type[BaseException]) -> None:
    with pytest.raises(end), tracker.run("corpus", "k", "n", ARM) as first:
        first.log({}, {"method": "fact"})
        raise end
    with tracker.run("corpus", "k", "n", ARM, parent="p2") as second:
        second.log({}, {"method": "fact"})
        assert (second.id, second.finished) == (first.id, False)
        assert found(tracker).status == "RUNNING"
    row = found(tracker)
    assert (row.status, row.tags["mlflow.parentRunId"]) == ("FINISHED", "p2")


def test_a_run_ends_with_its_own_error_where_artifacts_can_not_be_stored(tracker: MLflow, tmp_path: Path) -> None:
    tracker.check("corpus")
    (tmp_path / "tracking" / "artifacts").write_text("in the way")
    with pytest.raises(ValueError, match="no label"), tracker.run("corpus", "k", "n", ARM):
        raise ValueError("no label is left")
    assert (found(tracker).status, found(tracker).tags["runner.reason"]) == ("FAILED", "no label is left")


def test_an_arm_whose_process_died_is_taken_up_again_under_the_same_id(tracker: MLflow) -> None:
    died = tracker.run("corpus", "k", "n", ARM)
    first = died.__enter__()  # and never left, as after kill -9
    assert found(tracker).status == "RUNNING"
    with tracker.run("corpus", "k", "n", ARM) as second:
        assert second.id == first.id
    assert found(tracker).status == "FINISHED"
    assert len(MlflowClient(tracker.uri).search_runs([MlflowClient(tracker.uri).get_run(first.id).info.experiment_id])) == 1


def test_a_child_carries_its_parent_as_mlflow_shows_it(tracker: MLflow) -> None:
    with tracker.run("corpus", "p", "sweep", SWEEP) as parent, tracker.run("corpus", "k", "n", ARM, parent.id):
        pass
    assert found(tracker).tags["mlflow.parentRunId"] == parent.id
    assert "mlflow.parentRunId" not in found(tracker, "p").tags


def test_the_rows_of_a_table_are_read_back_as_they_were_tracked(tracker: MLflow) -> None:
    rows = [
        {"question": 'Who? – "she"', "grade": "pass", "training": 1, "share": 0.5, "passed": True, "fact": ""},
        {"question": "Où?\n", "grade": "ungraded", "training": 2, "share": None, "passed": False, "fact": ""},
    ]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", rows)
    assert tracker.rows(run.id, "answers") == rows


def test_the_tables_of_an_earlier_version_are_read_from_their_parquet_file(tracker: MLflow, tmp_path: Path) -> None:
    import pandas

    rows = [{"id": "a", "labels": 3, "share": None}, {"id": "b", "labels": 4, "share": 0.12345678901234567}]
    pandas.DataFrame(rows).to_parquet(tmp_path / "facts.parquet")
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("facts.json", pandas.DataFrame(rows).to_json(orient="split", index=False))
        run.file(tmp_path / "facts.parquet")
    read = [{name: None if value != value else value for name, value in row.items()} for row in tracker.rows(run.id, "facts")]
    assert read == rows


def test_a_table_that_is_not_there_or_without_rows_has_no_rows(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("labels", [])
    assert tracker.rows(run.id, "answers") == tracker.rows(run.id, "labels") == []


def test_a_text_is_read_back_and_one_that_is_not_there_is_empty(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("ledger.json", '["Größe",\n "–"]')
    assert tracker.said(run.id, "ledger.json") == '["Größe",\n "–"]'
    assert tracker.said(run.id, "traceback.txt") == ""


def test_the_texts_and_tables_of_two_runs_are_kept_apart(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as one, tracker.run("corpus", "k2", "n", ARM) as other:
        one.text("note.md", "one")
        other.text("note.md", "other")
    assert (tracker.said(one.id, "note.md"), tracker.said(other.id, "note.md")) == ("one", "other")


def test_the_values_of_a_curve_are_read_back_by_step(tracker: MLflow) -> None:
    losses = [1 / step for step in range(1, 1202)]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.curve("train_loss", losses)
    assert tracker.values(run.id, "train_loss") == losses


def test_a_curve_that_was_tracked_again_after_a_kill_has_a_value_a_step(tracker: MLflow) -> None:
    with pytest.raises(KeyboardInterrupt), tracker.run("corpus", "k", "n", ARM) as run:
        run.curve("train_loss", [3.0, 2.0, 1.0])
        raise KeyboardInterrupt
    time.sleep(0.002)
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.curve("train_loss", [3.0, 1.5, 0.5])
    assert tracker.values(run.id, "train_loss") == [3.0, 1.5, 0.5]


def test_a_metric_that_was_never_tracked_has_no_values(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        pass
    assert tracker.values(run.id, "train_loss") == []


def test_artifacts_lie_beside_the_sqlite_file(tracker: MLflow, tmp_path: Path) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "")
    folder = tmp_path / "tracking" / "artifacts" / "corpus" / run.id / "artifacts"
    assert (folder / "config.yaml").exists()
    shown = tracker.place(run.id)
    assert shown == f"Artifacts: {folder}\nCompare:   mlflow ui --backend-store-uri {tracker.uri}"


def test_a_folder_with_spaces_is_told_as_it_is_called(empty_tracking_store: Path, tmp_path: Path) -> None:
    (tmp_path / "our runs").mkdir()
    shutil.copy(empty_tracking_store, tmp_path / "our runs" / "mlflow.db")
    tracker = MLflow(uri=f"sqlite:///{tmp_path}/our runs/mlflow.db")
    with tracker.run("corpus", "k", "n", ARM) as run:
        pass
    artifacts, command = tracker.place(run.id).splitlines()
    assert artifacts == f"Artifacts: {tmp_path}/our runs/artifacts/corpus/{run.id}/artifacts"
    assert command.endswith(f"'{tracker.uri}'")


def test_a_new_store_and_experiment_are_made_by_the_check(tracker: MLflow) -> None:
    tracker.check("corpus")
    assert MlflowClient(tracker.uri).get_experiment_by_name("corpus")


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A server that answers with this status; with 404 it has the experiment and no other page."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = status == 404 and self.path.startswith("/api/2.0/mlflow/experiments/get-by-name")
            self.send_response(200 if known else status)
            self.end_headers()
            experiment = b'{"experiment": {"experiment_id": "1", "name": "corpus", "lifecycle_stage": "active"}}'
            self.wfile.write(experiment if known else b"log in first")

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with listening(Answer) as address:
        yield address


def test_a_tracker_without_a_page_for_its_health_is_taken() -> None:
    with answering(404) as url:
        MLflow(uri=url).check("corpus")


def test_a_tracker_that_refuses_us_is_a_fault_that_tells_its_answer() -> None:
    with answering(401) as url, pytest.raises(Fault, match=r"can't be used: .*log in first"):
        MLflow(uri=url).check("corpus")


def test_a_database_whose_driver_is_missing_is_a_fault_that_names_it() -> None:
    with pytest.raises(Fault, match=r"the tracking store mysql\+nosuch://host/results can't be used: .*tracker\.uri="):
        MLflow(uri="mysql+nosuch://host/results").check("corpus")


def test_a_malformed_address_is_a_fault() -> None:
    with pytest.raises(Fault):
        MLflow(uri="http://127.0.0.1:port").check("corpus")


def test_a_place_that_can_not_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match=r"tracker\.uri="):
        MLflow(uri=f"sqlite:///{tmp_path}/file/mlflow.db").check("corpus")


def test_an_experiment_that_was_deleted_is_a_fault_or_restored(tracker: MLflow) -> None:
    tracker.check("corpus")
    client = MlflowClient(tracker.uri)
    client.delete_experiment(client.get_experiment_by_name("corpus").experiment_id)
    try:
        tracker.check("corpus")
    except Fault:
        return
    with tracker.run("corpus", "k", "n", ARM):
        pass
