"""A SQLite address in, a file with tables out."""

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from runner.errors import Fault

SQLITE = "sqlite:///"


def path_of(uri: str) -> Path:
    """Return the file of an address, or raise a Fault."""
    if not uri.removeprefix(SQLITE):
        raise Fault(f"tracker.uri={uri} names no file, so nothing would be kept. Expected sqlite:///mlruns/mlflow.db")
    return Path(uri.removeprefix(SQLITE)).resolve()


def prepare(path: Path, make_tables: Callable[[str], None]) -> None:
    """Make a missing file with its tables, and open it.

    `make_tables` gets the address of an empty file. MLflow makes its tables one by one: a command that is killed half-way would
    leave a file that no later one can use, and a second command would make them at the same time. So they are made in a draft,
    under a lock, which is renamed when it is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
            make_tables(f"{SQLITE}{draft}")
            draft.rename(path)
    # MLflow itself would retry for minutes if the file cannot be opened.
    with closing(sqlite3.connect(path)) as file:
        file.execute("pragma user_version")
