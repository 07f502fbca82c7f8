"""Addresses of MLflow stores: those that are supported, and faults of the others."""

import time
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.tracker.mlflow import MLflow
from runner.tracker.mlflow_address import SUPPORTED


def test_a_dead_server_is_a_fault_within_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(Fault, match=r"no MLflow server answers at http://127\.0\.0\.1:9 .*tracker\.uri=sqlite:///"):
        MLflow(uri="http://127.0.0.1:9").check("corpus")
    assert time.monotonic() - began < 10


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
