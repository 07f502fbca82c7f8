"""Tracking in a real MLflow store: the end of runs, finding them again, and faults of a store that cannot be used."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.errors import Fault
from runner.tracker import TrackedRun
from runner.tracker.mlflow import SUPPORTED, MLflow

ARM = {"runner.kind": "arm", "runner.arm": "tuned"}
SWEEP = {"runner.kind": "sweep"}


@pytest.fixture
def tracker(tracking_uri: str) -> MLflow:
    return MLflow(uri=tracking_uri)


def found(tracker: MLflow, key: str = "k") -> TrackedRun:
    row = tracker.find("corpus", key)
    assert row
    return row


def artifact(tracker: MLflow, run: str, name: str) -> Path:
    return Path(MlflowClient(tracker.uri).download_artifacts(run, name))


def test_a_run_ends_finished_with_its_numbers_settings_and_tags(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "fact 5x", ARM) as run:
        run.log({"accuracy": 0.5}, {"method": "fact", "seed": 0})
    row = found(tracker)
    assert (row.id, row.name, row.status) == (run.id, "fact 5x", "FINISHED")
    assert (row.metrics, row.parameters) == ({"accuracy": 0.5}, {"method": "fact", "seed": "0"})
    assert row.tags["runner.arm"] == "tuned"


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


def test_a_setting_that_is_written_in_another_way_does_not_hinder_an_arm_from_being_taken_up(tracker: MLflow) -> None:
    with pytest.raises(KeyboardInterrupt), tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {"tuner.betas": "[0.9, 1]"})
        raise KeyboardInterrupt
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {"tuner.betas": "[0.9,1]", "labels": 3})
    row = found(tracker)
    assert (row.status, row.parameters) == ("FINISHED", {"tuner.betas": "[0.9, 1]", "labels": "3"})


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


def test_a_table_is_declared_for_the_pages_and_readable_as_parquet(tracker: MLflow) -> None:
    import pandas

    rows = [{"question": 'Who? – "she"', "passed": True, "share": 0.5}, {"question": "Où?", "passed": False, "share": None}]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", rows)
        run.table("answers", rows)
    assert json.loads(found(tracker).tags["mlflow.loggedArtifacts"]) == [{"path": "answers.json", "type": "table"}]
    shown = json.loads(artifact(tracker, run.id, "answers.json").read_text())
    assert (shown["columns"], len(shown["data"])) == (["question", "passed", "share"], 2)
    frame = pandas.read_parquet(artifact(tracker, run.id, "answers.parquet"))
    assert list(frame["question"]) == [row["question"] for row in rows]
    assert list(frame["passed"]) == [True, False]


def test_the_rows_of_a_table_are_read_back_as_they_were_tracked(tracker: MLflow) -> None:
    rows = [
        {"question": 'Who? – "she"', "grade": "pass", "training": 1, "share": 0.5, "passed": True, "fact": ""},
        {"question": "Où?\n", "grade": "ungraded", "training": 2, "share": None, "passed": False, "fact": ""},
    ]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", rows)
    assert tracker.rows(run.id, "answers") == rows


def test_a_table_that_was_tracked_again_has_the_later_rows_alone(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", [{"id": "a"}, {"id": "b"}])
        run.table("answers", [{"id": "c"}])
    assert tracker.rows(run.id, "answers") == [{"id": "c"}]


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


def test_a_tag_is_found_on_the_run_and_may_be_set_again(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.tag("runner.gate", "failed")
        run.tag("runner.gate", "passed")
    assert found(tracker).tags["runner.gate"] == "passed"
    assert found(tracker).tags["runner.arm"] == "tuned"


def test_a_long_tag_is_kept_whole(tracker: MLflow) -> None:
    advice = "Label by fact. " * 400
    with tracker.run("corpus", "k", "n", SWEEP) as run:
        run.tag("mlflow.note.content", advice)
    assert found(tracker).tags["mlflow.note.content"] == advice


def test_a_table_without_rows_is_kept(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", SWEEP) as run:
        run.table("comparison", [])
    assert artifact(tracker, run.id, "comparison.parquet").exists()


def test_text_and_files_are_kept_as_they_are(tracker: MLflow, tmp_path: Path) -> None:
    (tmp_path / "figure.png").write_bytes(b"\x89PNG")
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "seed: 0\n")
        run.file(tmp_path / "figure.png")
    assert artifact(tracker, run.id, "config.yaml").read_text() == "seed: 0\n"
    assert artifact(tracker, run.id, "figure.png").read_bytes() == b"\x89PNG"


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


def test_a_curve_has_a_point_a_step_beyond_what_mlflow_takes_at_once(tracker: MLflow) -> None:
    losses = [1 / step for step in range(1, 1202)]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.curve("train_loss", losses)
    history = MlflowClient(tracker.uri).get_metric_history(run.id, "train_loss")
    assert sorted((point.step, point.value) for point in history) == list(enumerate(losses, start=1))


@pytest.mark.parametrize(
    ("category", "fit"),
    [("Women's [2023] (final)", "Womens _2023_ _final_"), ("Größe: AXI/APB", "Größe: AXI/APB"), ("R&D, 50%", "R_D_ 50_")],
)
def test_a_category_that_mlflow_would_refuse_is_changed(tracker: MLflow, category: str, fit: str) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({f"accuracy/{category}": 0.25}, {f"of {category}": 1})
    assert found(tracker).metrics == {f"accuracy/{fit}": 0.25}
    assert found(tracker).parameters == {f"of {fit}": "1"}


@pytest.mark.parametrize("category", ["???", "..", "/rtl", "a//b", "x" * 300], ids=lambda name: name[:8])
def test_a_category_that_is_no_path_or_too_long_is_changed(tracker: MLflow, category: str) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({f"accuracy/{category}": 0.25}, {})
    assert list(found(tracker).metrics.values()) == [0.25]


def test_categories_that_differ_only_in_what_is_refused_keep_both_numbers(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({"accuracy/C": 0.25, "accuracy/C++": 0.75}, {})
    assert sorted(found(tracker).metrics.values()) == [0.25, 0.75]


def test_a_new_store_and_experiment_are_made_by_the_check(tracker: MLflow) -> None:
    tracker.check("corpus")
    assert MlflowClient(tracker.uri).get_experiment_by_name("corpus")


def test_a_dead_server_is_a_fault_within_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(Fault, match=r"no MLflow server answers at http://127\.0\.0\.1:9 .*tracker\.uri=sqlite:///"):
        MLflow(uri="http://127.0.0.1:9").check("corpus")
    assert time.monotonic() - began < 10


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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_tracker_without_a_page_for_its_health_is_taken() -> None:
    with answering(404) as url:
        MLflow(uri=url).check("corpus")


def test_a_tracker_that_refuses_us_is_a_fault_that_tells_its_answer() -> None:
    with answering(401) as url, pytest.raises(Fault, match=r"can't be used: .*log in first"):
        MLflow(uri=url).check("corpus")


@pytest.mark.parametrize(
    "uri",
    [
        "nosuch://place",
        "s3://bucket/mlruns",
        "./mlruns",
        "mlruns",
        "",
        "file:///tmp/mlruns",
        "sqlite:mlruns.db",
        "postgres://user@host/results",
        "databricks-uc",
        "C:\\mlruns",
    ],
)
def test_an_address_that_is_not_supported_is_a_fault_that_names_it_and_those_that_are(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Fault) as fault:
        MLflow(uri=uri).check("corpus")
    assert f"tracker.uri={uri} is not supported. Expected sqlite:///FILE, http://SERVER" in str(fault.value)
    assert str(fault.value).endswith("tracker.uri=sqlite:///mlruns/mlflow.db")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "uri",
    [
        "sqlite:///mlruns/mlflow.db",
        "sqlite:////data/mlflow.db",
        "http://host:5000",
        "https://host",
        "postgresql://user:secret@host/results",
        "postgresql+psycopg2://host/results",
        "mysql://host/results",
        "mysql+pymysql://host/results",
        "mssql://host/results",
        "mssql+pyodbc://host/results",
        "databricks",
        "databricks://profile",
    ],
)
def test_the_addresses_of_files_servers_databases_and_databricks_are_supported(uri: str) -> None:
    assert SUPPORTED.match(uri)


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
