"""A SQLite address in, a file with tables out."""

import glob
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
    # Imported here, since it takes time and not every command tracks. MLflow reads addresses with it too.
    from sqlalchemy.engine import make_url

    url = make_url(uri)
    if not url.database or url.database == ":memory:" or url.query:
        raise Fault(f"tracker.uri={uri} names no plain file, so nothing would be kept. Expected sqlite:///mlruns/mlflow.db")
    return Path(url.database).resolve()


def address_of(path: Path) -> str:
    """Return the address of a file."""
    from sqlalchemy.engine import URL, make_url

    # A name such as our%20runs must be written in another way. MLflow makes the folder of an address as it is written, so
    # every other name stays as it is.
    plain = f"{SQLITE}{path}"
    return plain if make_url(plain).database == str(path) else URL.create("sqlite", database=str(path)).render_as_string()


def lock_of(path: Path) -> FileLock:
    """Return the lock of a tracking file."""
    return FileLock(path.with_name(f".{path.name}.lock"))


def prepare(path: Path, make_tables: Callable[[str], None]) -> None:
    """Make a missing file with its tables, and open it.

    `make_tables` gets the address of an empty file. MLflow makes its tables one by one: a command that is killed half-way would
    leave a file that no later one can use, and a second command would make them at the same time. So they are made in a draft,
    under a lock, which is renamed when it is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock_of(path):
        # An empty file has no tables: a program may have made it, or a full disk.
        if not path.exists() or not path.stat().st_size:
            _remove_drafts(path)  # of killed commands; nobody else makes one while the lock is held
            draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
            try:
                make_tables(address_of(draft))
                draft.replace(path)
            finally:
                _remove_drafts(path)
    # MLflow itself would retry for minutes if the file cannot be opened.
    with closing(sqlite3.connect(path)) as file:
        file.execute("pragma user_version")


def _remove_drafts(path: Path) -> None:
    for draft in path.parent.glob(f".{glob.escape(path.name)}-*"):
        draft.unlink(missing_ok=True)
