"""Addresses of MLflow stores in, Faults out."""

import os
import re
import urllib.request
from http.client import HTTPException
from urllib.error import HTTPError

from runner.errors import Fault

# MLflow also takes a bare folder, but no longer develops that kind of store, and plugins may add more schemes. Nothing here
# was tried with those, so they are refused before a folder is made in a place that nobody meant.
SUPPORTED = re.compile(r"sqlite:///|https?://|(?:postgresql|mysql|mssql)(?:\+\w+)?://|databricks(?:://|\Z)")


def check_address(uri: str) -> None:
    """Raise a Fault if an address is not supported."""
    if not SUPPORTED.match(uri):
        raise Fault(
            f"tracker.uri={uri} is not supported. Expected sqlite:///FILE, http://SERVER or https://SERVER, a database "
            "(postgresql://, mysql:// or mssql://, each also with +DRIVER), or databricks. "
            "To keep results in a file: tracker.uri=sqlite:///mlruns/mlflow.db"
        )


def is_server(uri: str) -> bool:
    """Return true for the address of an MLflow server."""
    return uri.startswith(("http://", "https://"))


def check_server(uri: str) -> None:
    """Check that an MLflow server answers."""
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    try:
        with urllib.request.urlopen(f"{uri.rstrip('/')}/health", timeout=5):
            pass
    except HTTPError:  # a server answers; the next request shows if it is MLflow's and lets us in
        pass
    except (OSError, HTTPException) as error:
        raise Fault(
            f"no MLflow server answers at {uri} ({error}). Start it (mlflow server), or keep results in a file: "
            "tracker.uri=sqlite:///mlruns/mlflow.db"
        ) from error
