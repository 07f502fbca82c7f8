"""Artifacts of a run in, their state out."""

import hashlib
import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import Fault
from runner.tracker.artifact_folder import path_in
from runner.tracker.mlflow_address import redacted, shown

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

FILES = "runner.files"  # a tag: size and hash of each artifact, by name
TRACEBACK = "traceback.txt"

Files = Mapping[str, tuple[int, str]]


def check_place(address: str, uri: str) -> None:
    """Raise a Fault for a place that can't be used.

    A run stores its artifacts at its end, after hours of work. So a missing client or key of a bucket must be known before.
    """
    if not address or path_in(address) or address.startswith("dbfs:"):  # of Databricks, whose client needs the place of a run
        return
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    try:
        get_artifact_repository(address, tracking_uri=uri).list_artifacts()
    except Exception as error:  # each kind of place has errors of its own
        reason = (redacted(str(error), uri).splitlines() or [""])[0] or type(error).__name__
        raise Fault(
            f"the artifacts of the tracking store {shown(uri)} are at {shown(address)}, which can't be used: {reason}. Install "
            "their client and set its keys here, or let the server pass artifacts on (mlflow server --serve-artifacts)"
        ) from None


def described(path: Path) -> tuple[int, str]:
    """Return the size and the hash of a file."""
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()[:16]


def files_of(run: "Run") -> Files:
    """Return what was written for a run that is finished."""
    return {name: (size, digest) for name, (size, digest) in json.loads(run.data.tags.get(FILES, "{}")).items()}


def is_whole(client: "MlflowClient", run: "Run") -> bool:
    """Return true if no artifact is missing or cut."""
    sizes = {item.path: item.file_size for item in client.list_artifacts(run.info.run_id)}
    if expected := files_of(run):
        return all(sizes.get(name) == size for name, (size, _) in expected.items())
    # Earlier versions noted no sizes, and wrote each table also as Parquet.
    return all({table, str(Path(table).with_suffix(".parquet"))} & sizes.keys() for table in _tables(run))


def is_lost(run: "Run", names: Collection[str]) -> bool:
    """Return true if an arm had one of these files.

    The caller found none of them.
    """
    finished_arm = run.info.status == "FINISHED" and run.data.tags.get("runner.kind") == "arm"
    return finished_arm and bool({*names} & {*files_of(run), *_tables(run)})


def _tables(run: "Run") -> list[str]:
    """List the names of the tables that a run noted."""
    return [table["path"] for table in json.loads(run.data.tags.get("mlflow.loggedArtifacts", "[]"))]


def remove_stale(run: "Run", uri: str, written: Files, began: float) -> None:
    """Remove what earlier attempts left of a run.

    Those are half-written files of a killed command, and the traceback of one that failed. `began` is the time of this attempt:
    a newer file may belong to another command that does the same.
    """
    if folder := path_in(run.info.artifact_uri):
        for file in folder.glob("*"):
            if file.is_file() and file.name not in written and file.stat().st_mtime < began:
                file.unlink(missing_ok=True)
        return
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    # Not every place of artifacts can remove one.
    with suppress(Exception):
        get_artifact_repository(run.info.artifact_uri, tracking_uri=uri).delete_artifacts(TRACEBACK)  # type: ignore[no-untyped-call]
