"""Addresses of MLflow stores in, Faults and printable addresses out."""

import os
import re
import ssl
import urllib.request
from http.client import HTTPException
from shlex import quote
from urllib.error import HTTPError, URLError
from urllib.parse import unquote

from runner.errors import Fault
from runner.tracker.sqlite_file import SQLITE, address_of, path_of

# MLflow also takes a bare folder, but no longer develops that kind of store, and plugins may add more schemes. Nothing here
# was tried with those, so they are refused before a folder is made in a place that nobody meant.
SUPPORTED = re.compile(r"sqlite:///|https?://|(?:postgresql|mysql|mssql)(?:\+\w+)?://|databricks(?:://|\Z)")
# Variables whose values MLflow sends to a server.
SENT = ("MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN", "DATABRICKS_TOKEN", "DATABRICKS_PASSWORD")
VARIABLE = "MLFLOW_TRACKING_URI"  # MLflow's own; conf/tracker/mlflow.yaml reads it
SECRET = re.compile(r"(?i)pass|pwd|secret|token|odbc_connect")  # in the names of a driver's own settings


def check_address(uri: str) -> None:
    """Raise a Fault if an address is not supported."""
    if not SUPPORTED.match(uri):
        raise Fault(
            f"tracker.uri={shown(uri)} is not supported. Expected sqlite:///FILE, http://SERVER or https://SERVER, a database "
            "(postgresql://, mysql:// or mssql://, each also with +DRIVER), or databricks. "
            "To keep results in a file: tracker.uri=sqlite:///mlruns/mlflow.db"
        )
    if uri.startswith(SQLITE):
        path_of(uri)
    elif is_server(uri) and "@" in uri:
        raise Fault(
            f"tracker.uri={shown(uri)} holds a name or password, which would be stored with the results. Write the address "
            "without it, and set the environment variables MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
        )
    # A value of the command or of a yaml is kept in Hydra's files and in the report. That of the environment is not.
    elif _holds_secret(uri) and uri != os.environ.get(VARIABLE):
        raise Fault(
            f"tracker.uri={shown(uri)} holds a password, which would be stored with the results. Set the environment variable "
            f"{VARIABLE} to the address, and leave out tracker.uri"
        )


def is_server(uri: str) -> bool:
    """Return true for the address of an MLflow server."""
    return uri.startswith(("http://", "https://"))


def shown(uri: str) -> str:
    """Return an address without secrets."""
    scheme, user, place, query = _parts(uri)
    name, colon, _ = user.partition(":")
    # Of a server a name alone may be a token.
    user = "***" if user and is_server(uri) else f"{name}:***" if colon else name
    return f"{scheme}{f'{user}@' if user else ''}{place}{'?***' if query and _holds_secret(uri) else query}"


def redacted(text: str, uri: str) -> str:
    """Return a text without the secrets of an address.

    What MLflow sends beside the address is left out too.
    """
    password = _parts(uri)[1].partition(":")[2]
    text = text.replace(uri, shown(uri))
    for written in {password, unquote(password)} - {""}:
        text = text.replace(f":{written}@", ":***@")
    # A server may repeat what it was sent.
    for sent in {os.environ.get(name, "") for name in SENT} - {""}:
        text = text.replace(sent, "***")
    return text


def pages(uri: str) -> str:
    """Return what leads a person to MLflow's pages."""
    if uri.startswith(SQLITE):
        return f"mlflow ui --backend-store-uri {quote(address_of(path_of(uri)))}"
    if is_server(uri) or uri.startswith("databricks"):
        return uri
    # The shell puts the address in, and no password is shown.
    address = f'"${VARIABLE}"' if _holds_secret(uri) else quote(uri)
    return f"mlflow ui --backend-store-uri {address}"


def _holds_secret(uri: str) -> bool:
    _, user, _, query = _parts(uri)
    return ":" in user or bool(SECRET.search(query))


def _parts(uri: str) -> tuple[str, str, str, str]:
    """Split an address: scheme, user, place and query."""
    # Not with urllib: a password may hold a slash or a question mark, as SQLAlchemy reads it.
    scheme, separator, rest = uri.partition("://")
    if not separator or uri.startswith(SQLITE):
        return "", "", uri, ""
    user, _, rest = rest.rpartition("@")
    place, question, query = rest.partition("?")
    return scheme + separator, user, place, question + query


def check_server(uri: str) -> None:
    """Check that an MLflow server answers."""
    try:
        with urllib.request.urlopen(f"{uri.rstrip('/')}/health", timeout=5):
            pass
    except HTTPError:  # a server answers; the next request shows if it is MLflow's and lets us in
        pass
    except (OSError, HTTPException) as error:
        # MLflow knows authorities and certificates of clients from variables of its own. Its next request shows if they suffice.
        if isinstance(error, URLError) and isinstance(error.reason, ssl.SSLError):
            return
        raise Fault(
            f"no MLflow server answers at {uri} ({error}). Start it (mlflow server), or keep results in a file: "
            "tracker.uri=sqlite:///mlruns/mlflow.db"
        ) from error
