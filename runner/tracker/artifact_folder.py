"""Experiments of a SQLite file in, their artifact folders out.

They lie beside the file, in `artifacts/EXPERIMENT/RUN/artifacts`.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

# Where MLflow keeps the addresses of artifacts.
ADDRESSES = {"experiments": "artifact_location", "runs": "artifact_uri", "logged_models": "artifact_location"}
LONGEST = 80  # characters of a folder's name; some file systems take 255 bytes


def folder_of(database: Path, experiment: str) -> Path:
    """Return the folder of an experiment's artifacts."""
    # Two experiments may share a folder, since each run has one of its own in it.
    name = re.sub(r"[^\w\-. ]", "_", experiment)[:LONGEST].strip(". ")
    return database.parent / "artifacts" / (name or "_")


def path_in(address: str) -> Path | None:
    """Return the path in a file's address; None for another kind."""
    return Path(url2pathname(urlsplit(address).path)) if address.startswith("file:") else None


def follow_move(database: Path) -> None:
    """Correct the addresses of artifacts after a move.

    MLflow keeps them absolute, and has no call that changes them. So the rows are changed. An address that does not end in
    `artifacts` and the experiment's own folder was not made here, and stays.
    """
    with closing(sqlite3.connect(database, timeout=20)) as file, file:
        for experiment, name, old in file.execute("select experiment_id, name, artifact_location from experiments").fetchall():
            was, now = path_in(old or ""), folder_of(database, name)
            former = database.parent / "artifacts" / name  # as earlier versions named it
            for folder in (now, former):
                if was and was.parts[-2:] == folder.parts[-2:] and was != folder:
                    _replace(file, experiment, old, folder.as_uri())


def _replace(file: sqlite3.Connection, experiment: int, old: str, new: str) -> None:
    for table, column in ADDRESSES.items():
        file.execute(
            f"update {table} set {column} = ? || substr({column}, ?) "
            f"where experiment_id = ? and ({column} = ? or substr({column}, 1, ?) = ?)",
            (new, len(old) + 1, experiment, old, len(old) + 1, f"{old}/"),
        )
