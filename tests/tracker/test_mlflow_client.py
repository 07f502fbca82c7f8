"""Errors of a store are Faults, and MLflow's own lines are hidden."""

import logging
import shutil
import sqlite3
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.tracker.mlflow import MLflow
from runner.tracker.mlflow_client import connected
from tests.tracker.given import ARM, found


def test_a_new_store_is_made_without_a_word(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    MLflow(uri=f"sqlite:///{tmp_path}/mlflow.db").check("corpus")
    assert capfd.readouterr() == ("", "")


def test_an_error_of_the_database_is_a_fault_of_one_line(tracker: MLflow, capfd: pytest.CaptureFixture[str]) -> None:
    tracker.check("corpus")
    with sqlite3.connect(tracker.uri.removeprefix("sqlite:///")) as file:
        file.execute("drop table tags")
    with pytest.raises(Fault) as fault:
        tracker.find("corpus", "k")
    assert "can't be used: (sqlite3.OperationalError) no such table: tags. Free its disk" in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1
    assert capfd.readouterr() == ("", "")


def test_mlflow_logs_again_behind_a_call(tracker: MLflow) -> None:
    log = logging.getLogger("mlflow.store.db.utils")
    with connected(tracker.uri):
        assert not log.isEnabledFor(logging.ERROR)
    assert log.isEnabledFor(logging.ERROR)


def test_artifacts_that_can_not_be_written_end_a_run_as_failed(tracker: MLflow) -> None:
    tracker.check("corpus")
    artifacts = Path(tracker.uri.removeprefix("sqlite:///")).parent / "artifacts"
    shutil.rmtree(artifacts, ignore_errors=True)
    artifacts.write_text("in the way")
    with pytest.raises(Fault, match=r"can't be used: .*artifacts"), tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "")
    assert found(tracker).status == "FAILED"
