"""An address in, a client of MLflow out."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.errors import Fault
from runner.tracker.mlflow_address import redacted, shown
from runner.tracker.sqlite_file import SQLITE, address_of, path_of

if TYPE_CHECKING:
    from mlflow import MlflowClient


@contextmanager
def connected(uri: str) -> Iterator["MlflowClient"]:
    """Give a client; raise a Fault if the store fails."""
    # MLflow itself would retry for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    with faults(uri):
        from mlflow import MlflowClient

        yield MlflowClient(address_of(path_of(uri)) if uri.startswith(SQLITE) else uri)


@contextmanager
def faults(uri: str) -> Iterator[None]:
    """Turn the errors of a store into Faults."""
    # Imported here, since importing MLflow takes seconds and not every command tracks.
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    # The errors of a server that can't be reached are OSErrors, and a driver that is not installed is an ImportError.
    errors = (MlflowException, SQLAlchemyError, sqlite3.Error, OSError, ImportError)
    with _quiet():
        try:
            yield
        except errors as error:
            lines = redacted(str(error), uri).splitlines() or [type(error).__name__]
            raise Fault(
                f"the tracking store {shown(uri)} can't be used: {lines[0]}. Free its disk, close what else uses it or start "
                "its server, or name another: tracker.uri=... Finished work is kept, and the same command goes on"
            ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Hide what MLflow logs of its calls."""
    # Of a database: each step in which tables are made, and the traceback of each error. Of a server: each request that is sent
    # again. It raises these errors too.
    logs = [logging.getLogger(name) for name in ("mlflow.store.db.utils", "urllib3.connectionpool")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
