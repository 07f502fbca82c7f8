"""Results into MLflow: metrics, parameters, tags, tables, Parquet and text of each run."""

import json
import logging
import os
import re
import sqlite3
import tempfile
import time
import traceback
import urllib.request
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.error import HTTPError
from urllib.request import url2pathname

from runner.component import component
from runner.errors import Fault
from runner.tracker import TrackedRun

if TYPE_CHECKING:
    from mlflow import MlflowClient

REASON = 5000  # characters of a tag that any store takes
SQLITE = "sqlite:///"
T = TypeVar("T")


@component
class MLflow:
    """A tracking store by its address; beside a SQLite file lie its artifacts, a server keeps them itself."""

    incidental: ClassVar[frozenset[str]] = frozenset({"uri"})

    uri: str

    def check(self, experiment: str) -> None:
        """Make the store and the experiment where there is none; a Fault within seconds where that can't be."""
        try:
            if self.uri.startswith(("http://", "https://")):
                self._reach()
            elif self.uri.startswith(SQLITE):
                self._open()
            self._experiment(experiment)
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"the tracking store {self.uri} can't be used: {error}. Name another: tracker.uri=...") from error

    def find(self, experiment: str, key: str) -> TrackedRun | None:
        """The run tagged `runner.key` = key; the newest where there are several."""
        found = self._client().search_runs([self._experiment(experiment)], f"tags.`runner.key` = '{key}'", max_results=1)
        if not found:
            return None
        run = found[0]
        name = run.info.run_name or ""
        return TrackedRun(run.info.run_id, name, run.info.status, run.data.tags, run.data.params, run.data.metrics)

    @contextmanager
    def run(self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None) -> Iterator["_Run"]:
        """The run with this key; one that was killed or failed before is taken up again."""
        client, found = self._client(), self.find(experiment, key)
        if found and found.status == "FINISHED" and tags["runner.kind"] == "arm":
            yield _Run(client, found.id, finished=True)
            return
        given = {**tags, "runner.key": key, **({"mlflow.parentRunId": parent} if parent else {})}
        if found:
            run = found.id
            client.update_run(run, status="RUNNING", name=name)
            if "runner.reason" in found.tags:
                client.delete_tag(run, "runner.reason")
            for tag, value in given.items():
                client.set_tag(run, tag, value)
        else:
            run = client.create_run(self._experiment(experiment), tags=given, run_name=name).info.run_id
        try:
            yield _Run(client, run, finished=False, told=found.parameters if found else ())
        except BaseException as error:
            with suppress(Exception):  # what went wrong first is what is told, and a run ends where no artifact can be stored
                client.set_terminated(run, "FAILED" if isinstance(error, Exception) else "KILLED")
                client.set_tag(run, "runner.reason", str(error)[:REASON])
                client.log_text(run, traceback.format_exc(), "traceback.txt")
            raise
        client.set_terminated(run, "FINISHED")

    def rows(self, run: str, table: str) -> list[dict[str, Any]]:
        """The rows of the table's Parquet file."""
        import pyarrow.parquet

        with self._artifact(run, f"{table}.parquet") as file:
            return pyarrow.parquet.read_table(file).to_pylist() if file else []

    def said(self, run: str, name: str) -> str:
        """A text artifact."""
        with self._artifact(run, name) as file:
            return file.read_text(encoding="utf-8") if file else ""

    def values(self, run: str, metric: str) -> list[float]:
        """The metric's history by step; the newest value of a step that was tracked again."""
        history = sorted(self._client().get_metric_history(run, metric), key=lambda point: (point.step, point.timestamp))
        return list({point.step: point.value for point in history}.values())

    @contextmanager
    def _artifact(self, run: str, name: str) -> Iterator[Path | None]:
        """A copy of a run's file while it is read; None where the run has none of that name."""
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        client = self._client()
        if name not in {item.path for item in client.list_artifacts(run)}:
            yield None
            return
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(client.download_artifacts(run, name, scratch))

    def place(self, run: str) -> str:
        """The run's artifact folder or address, and the command for MLflow's pages."""
        artifacts = self._client().get_run(run).info.artifact_uri or ""
        if artifacts.startswith("file://"):
            artifacts = url2pathname(artifacts.removeprefix("file://"))
        return f"Artifacts: {artifacts}\nCompare:   mlflow ui --backend-store-uri {quote(self.uri)}"

    def _client(self) -> "MlflowClient":
        logging.getLogger("alembic").setLevel(logging.WARNING)
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        from mlflow import MlflowClient

        return MlflowClient(self.uri)

    def _folder(self) -> Path:
        return Path(self.uri.removeprefix(SQLITE)).resolve().parent

    def _open(self) -> None:
        """Open the SQLite file once, since MLflow tries one that can't be opened for minutes."""
        if not self.uri.removeprefix(SQLITE):
            raise Fault(f"tracker.uri={self.uri} names no file, so nothing would be kept. Expected sqlite:///mlruns/mlflow.db")
        self._folder().mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.uri.removeprefix(SQLITE))) as file:
            file.execute("pragma user_version")

    def _experiment(self, name: str) -> str:
        client = self._client()
        if found := client.get_experiment_by_name(name):
            if found.lifecycle_stage == "deleted":
                raise Fault(
                    f"the experiment {name} was deleted in {self.uri}. Bring it back: mlflow experiments restore "
                    f"--experiment-id {found.experiment_id}; or give the corpus another name: corpus.title=..."
                )
            return str(found.experiment_id)
        folder = (self._folder() / "artifacts" / name).as_uri() if self.uri.startswith(SQLITE) else None
        try:
            return str(client.create_experiment(name, artifact_location=folder))
        except Exception:  # another job made it in the meantime
            if found := client.get_experiment_by_name(name):
                return str(found.experiment_id)
            raise

    def _reach(self) -> None:
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        try:
            with urllib.request.urlopen(f"{self.uri.rstrip('/')}/health", timeout=5):
                pass
        except HTTPError:  # something answers; how far it is MLflow's, the experiment shows
            pass
        except (OSError, HTTPException) as error:
            raise Fault(
                f"no MLflow server answers at {self.uri} ({error}). Start it (mlflow server), or keep results in a file: "
                "tracker.uri=sqlite:///mlruns/mlflow.db"
            ) from error


class _Run:
    """One open run of MLflow."""

    def __init__(self, client: "MlflowClient", run: str, finished: bool, told: Container[str] = ()) -> None:
        self.client, self.id, self.finished, self.told = client, run, finished, told

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        self.client.log_batch(
            self.id,
            metrics=[Metric(name, value, now, 0) for name, value in _fitted(metrics).items()],
            # MLflow refuses other words for a parameter that a run has, and a key's settings may be written in several ways
            params=[Param(name, str(value)) for name, value in _fitted(parameters).items() if name not in self.told],
        )

    def curve(self, name: str, values: Sequence[float]) -> None:
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        for start in range(0, len(values), 1000):  # MLflow takes 1,000 at a time
            chunk = enumerate(values[start : start + 1000], start=start + 1)
            self.client.log_batch(self.id, metrics=[Metric(name, value, now, step) for step, value in chunk])

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        import datasets
        import pandas

        datasets.disable_progress_bars()

        frame = pandas.DataFrame([dict(row) for row in rows])
        self.client.log_text(self.id, frame.to_json(orient="split", index=False), f"{name}.json")
        self._declare(f"{name}.json")
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / f"{name}.parquet"
            datasets.Dataset.from_pandas(frame, preserve_index=False).to_parquet(str(path))
            self.file(path)

    def text(self, name: str, text: str) -> None:
        self.client.log_text(self.id, text, name)

    def tag(self, name: str, value: str) -> None:
        self.client.set_tag(self.id, name, value)

    def file(self, path: Path) -> None:
        self.client.log_artifact(self.id, str(path))

    def _declare(self, name: str) -> None:
        """Tag the file as a table, as `MlflowClient.log_table` does, so that MLflow's pages show it; no rows are added twice."""
        tag = "mlflow.loggedArtifacts"
        tables = json.loads(self.client.get_run(self.id).data.tags.get(tag, "[]"))
        entry = {"path": name, "type": "table"}
        if entry not in tables:
            self.client.set_tag(self.id, tag, json.dumps([*tables, entry]))


def _fitted(values: Mapping[str, T]) -> dict[str, T]:
    """The same values under names that MLflow takes; where two become alike, the later one is numbered."""
    fitted: dict[str, T] = {}
    for name, value in values.items():
        fit = _fit(name)
        free = (f"{fit} {number}" for number in count(2))
        fitted[fit if fit not in fitted else next(name for name in free if name not in fitted)] = value
    return fitted


def _fit(name: str) -> str:
    """A name that MLflow takes: letters, digits and `_ - . :` and space, in a path of non-empty parts, up to 250 characters."""
    parts = (re.sub(r"[^\w\-. :]", "_", re.sub(r"['\"‘’“”]", "", part)).strip() for part in name.split("/"))
    return "/".join(part.replace("..", "__") if part.strip(".") else "_" for part in parts)[:250]
