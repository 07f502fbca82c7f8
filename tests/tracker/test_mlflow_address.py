"""Addresses of MLflow stores: those that are supported, and faults of the others."""

import time
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.tracker.mlflow import MLflow
from runner.tracker.mlflow_address import SUPPORTED, VARIABLE, check_address, check_server, pages, redacted, shown
from tests.model.test_openai import certified
from tests.server import serving


def test_a_dead_server_is_a_fault_within_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(Fault, match=r"no MLflow server answers at http://127\.0\.0\.1:9 .*tracker\.uri=sqlite:///"):
        MLflow(uri="http://127.0.0.1:9").check("corpus")
    assert time.monotonic() - began < 10


def test_a_server_with_a_certificate_that_only_mlflow_may_know_is_left_to_it(tmp_path: Path) -> None:
    with certified(tmp_path) as (tls, _), serving(tls=tls) as server:
        check_server(server.url)  # raises nothing; MLFLOW_TRACKING_SERVER_CERT_PATH may name the authority


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


@pytest.mark.parametrize(
    ("uri", "printed"),
    [
        ("http://ada:pw@host:5000", "http://***@host:5000"),
        ("https://token@host", "https://***@host"),
        ("postgresql://ada:pw@host/db", "postgresql://ada:***@host/db"),
        ("postgresql://ada:p/w?x@host/db", "postgresql://ada:***@host/db"),
        ("mysql+pymysql://ada@host/db?charset=utf8", "mysql+pymysql://ada@host/db?charset=utf8"),
        ("postgresql://host/db?user=ada&password=pw", "postgresql://host/db?***"),
        ("sqlite:///a@b/mlflow.db", "sqlite:///a@b/mlflow.db"),
        ("nonsense ada:pw", "nonsense ada:pw"),
    ],
)
def test_an_address_is_printed_without_its_password(uri: str, printed: str) -> None:
    assert shown(uri) == printed


def test_a_text_loses_the_password_however_it_is_written() -> None:
    uri = "postgresql://ada:p%40w@host/db"
    assert redacted(f"config: {uri}, or postgresql://ada:p@w@host", uri) == (
        "config: postgresql://ada:***@host/db, or postgresql://ada:***@host"
    )


@pytest.mark.parametrize(
    ("uri", "advice"),
    [
        ("http://ada:horse-battery@host", "MLFLOW_TRACKING_PASSWORD"),
        ("https://horse-battery@host", "MLFLOW_TRACKING_PASSWORD"),
        ("postgresql://ada:horse-battery@host/db", VARIABLE),
        ("mysql://host/db?password=horse-battery", VARIABLE),
        ("nosuch://ada:horse-battery@host", "is not supported"),
    ],
)
def test_a_password_in_an_address_is_refused_and_not_printed(uri: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(Fault) as fault:
        check_address(uri)
    assert advice in str(fault.value)
    assert "horse-battery" not in str(fault.value)


def test_a_password_of_the_environment_is_taken_and_left_to_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    uri = "postgresql://ada:pw@host/db"
    monkeypatch.setenv(VARIABLE, uri)
    check_address(uri)
    assert pages(uri) == 'mlflow ui --backend-store-uri "$MLFLOW_TRACKING_URI"'


def test_the_pages_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert pages("sqlite:///our runs/mlflow.db") == f"mlflow ui --backend-store-uri 'sqlite:///{tmp_path}/our runs/mlflow.db'"
    assert pages("http://host:5000") == "http://host:5000"


def test_what_a_server_repeats_of_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "hunter2")
    assert redacted("no such key: Bearer hunter2", "http://host") == "no such key: Bearer ***"
