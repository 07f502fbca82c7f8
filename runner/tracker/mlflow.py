"""Results in MLflow: metrics, parameters, tags, tables and files of each run.

They are written while a run is open, and read back for the comparison of a sweep.
"""

import json
import logging
import os
import re
import tempfile
import time
import traceback
import urllib.request
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
from runner.tracker.sqlite_file import SQLITE, path_of, prepare

if TYPE_CHECKING:
    from mlflow import MlflowClient

LONGEST_TAG = 5000  # characters: every version and kind of store takes this many
# MLflow also takes a bare folder, but no longer develops that kind of store, and plugins may add more schemes. Nothing here
# was tried with those, so they are refused before a folder is made in a place that nobody meant.
SUPPORTED = re.compile(r"sqlite:///|https?://|(?:postgresql|mysql|mssql)(?:\+\w+)?://|databricks(?:://|\Z)")
T = TypeVar("T")


@component
class MLflow:
    """An MLflow tracking store at an address.

    The artifacts of a SQLite file are kept in the folder beside it. A server keeps its artifacts itself.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"uri"})  # where results are stored does not change them

    uri: str

    def check(self, experiment: str) -> None:
        """Check the store; make it and the experiment if missing.

        Raise a Fault, within seconds, if the address is not supported or results cannot be stored there.
        """
        if not SUPPORTED.match(self.uri):
            raise Fault(
                f"tracker.uri={self.uri} is not supported. Expected sqlite:///FILE, http://SERVER or https://SERVER, a database "
                "(postgresql://, mysql:// or mssql://, each also with +DRIVER), or databricks. "
                "To keep results in a file: tracker.uri=sqlite:///mlruns/mlflow.db"
            )
        # The name is that of a folder of artifacts too, which must not lie elsewhere.
        if not isinstance(experiment, str) or not experiment.strip() or {"..", "/"} & {*Path(experiment).parts}:
            raise Fault(
                f"the corpus is called {experiment!r}, which can't be the name of an MLflow experiment. Expected a name that is "
                "not empty and not a path: corpus.title=..."
            )
        # Servers and files are tried directly first: MLflow itself would retry for minutes before it gives up.
        try:
            if self.uri.startswith(("http://", "https://")):
                self._reach()
            elif self.uri.startswith(SQLITE):
                prepare(path_of(self.uri), _make_tables)
            self._experiment(experiment)
        except Fault:
            raise
        except Exception as error:
            # MLflow, SQLAlchemy and their drivers share no class of errors.
            raise Fault(f"the tracking store {self.uri} can't be used: {error}. Name another: tracker.uri=...") from error

    def find(self, experiment: str, key: str) -> TrackedRun | None:
        """Return the newest run whose tag `runner.key` is `key`."""
        runs = self._client().search_runs([self._experiment(experiment)], f"tags.`runner.key` = '{key}'", max_results=1)
        if not runs:
            return None
        run = runs[0]
        name = run.info.run_name or ""
        return TrackedRun(run.info.run_id, name, run.info.status, run.data.tags, run.data.params, run.data.metrics)

    @contextmanager
    def run(self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None) -> Iterator["_Run"]:
        """Open the run with this key, or make it.

        A run that failed or was killed earlier is continued under its id. A finished arm is not opened again; a finished
        sweep is, since more arms may have joined it.
        """
        client, earlier = self._client(), self.find(experiment, key)
        if earlier and earlier.status == "FINISHED" and tags["runner.kind"] == "arm":
            yield _Run(client, earlier.id, finished=True)
            return
        all_tags = {**tags, "runner.key": key, **({"mlflow.parentRunId": parent} if parent else {})}
        if earlier:
            run = earlier.id
            client.update_run(run, status="RUNNING", name=name)
            if "runner.reason" in earlier.tags:  # of the earlier failure, which may be repaired by now
                client.delete_tag(run, "runner.reason")
            for tag, value in all_tags.items():
                client.set_tag(run, tag, value)
        else:
            run = client.create_run(self._experiment(experiment), tags=all_tags, run_name=name).info.run_id
        try:
            yield _Run(client, run, finished=False, parameters=earlier.parameters if earlier else ())
        except BaseException as error:  # Ctrl-C too: otherwise the run would be shown as running for ever
            # An error while the run is ended must not hide the first one. The status comes first, since it can be set even
            # if no artifact can be stored.
            with suppress(Exception):
                client.set_terminated(run, "FAILED" if isinstance(error, Exception) else "KILLED")
                client.set_tag(run, "runner.reason", str(error)[:LONGEST_TAG])
                client.log_text(run, traceback.format_exc(), "traceback.txt")
            raise
        client.set_terminated(run, "FINISHED")

    def rows(self, run: str, table: str) -> list[dict[str, Any]]:
        """Read the rows of a table from its Parquet file."""
        import pyarrow.parquet

        with self._artifact(run, f"{table}.parquet") as file:
            return pyarrow.parquet.read_table(file).to_pylist() if file else []

    def said(self, run: str, name: str) -> str:
        """Read a text artifact."""
        with self._artifact(run, name) as file:
            return file.read_text(encoding="utf-8") if file else ""

    def values(self, run: str, metric: str) -> list[float]:
        """Return the newest value of each step of a metric."""
        # A run that was continued has two values for a step that it repeated. The dict keeps the later one.
        history = sorted(self._client().get_metric_history(run, metric), key=lambda point: (point.step, point.timestamp))
        return list({point.step: point.value for point in history}.values())

    @contextmanager
    def _artifact(self, run: str, name: str) -> Iterator[Path | None]:
        """Yield a temporary copy of a run's file; None if there is none."""
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        client = self._client()
        if name not in {item.path for item in client.list_artifacts(run)}:
            yield None
            return
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(client.download_artifacts(run, name, scratch))

    def place(self, run: str) -> str:
        """Return the place of a run's artifacts, and a command.

        The command opens MLflow's pages.
        """
        artifacts = self._client().get_run(run).info.artifact_uri or ""
        if artifacts.startswith("file://"):
            artifacts = url2pathname(artifacts.removeprefix("file://"))
        return f"Artifacts: {artifacts}\nCompare:   mlflow ui --backend-store-uri {quote(self.uri)}"

    def _client(self) -> "MlflowClient":
        """Make a client of the store."""
        # Imported here, since importing MLflow takes seconds and not every command tracks. Its database migrations log a line
        # for each step when a new store is made.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        from mlflow import MlflowClient

        return MlflowClient(self.uri)

    def _folder(self) -> Path:
        """Return the folder of the SQLite file."""
        return path_of(self.uri).parent

    def _experiment(self, name: str) -> str:
        """Return the id of an experiment; make it if it does not exist."""
        client = self._client()
        if experiment := client.get_experiment_by_name(name):
            # MLflow keeps the name of a deleted experiment, so no new one can be made under it.
            if experiment.lifecycle_stage == "deleted":
                raise Fault(
                    f"the experiment {name} was deleted in {self.uri}. Bring it back: mlflow experiments restore "
                    f"--experiment-id {experiment.experiment_id}; or give the corpus another name: corpus.title=..."
                )
            return str(experiment.experiment_id)
        # Without a location MLflow would put the artifacts of a SQLite store into the current folder, wherever that is.
        folder = (self._folder() / "artifacts" / name).as_uri() if self.uri.startswith(SQLITE) else None
        try:
            return str(client.create_experiment(name, artifact_location=folder))
        except Exception:  # another job may have made it in the meantime
            if experiment := client.get_experiment_by_name(name):
                return str(experiment.experiment_id)
            raise

    def _reach(self) -> None:
        """Check that an MLflow server answers."""
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        try:
            with urllib.request.urlopen(f"{self.uri.rstrip('/')}/health", timeout=5):
                pass
        except HTTPError:  # a server answers; the next request shows if it is MLflow's and lets us in
            pass
        except (OSError, HTTPException) as error:
            raise Fault(
                f"no MLflow server answers at {self.uri} ({error}). Start it (mlflow server), or keep results in a file: "
                "tracker.uri=sqlite:///mlruns/mlflow.db"
            ) from error


def _make_tables(uri: str) -> None:
    MLflow(uri=uri)._client().search_experiments(max_results=1)


class _Run:
    """An open run of MLflow."""

    def __init__(self, client: "MlflowClient", run: str, finished: bool, parameters: Container[str] = ()) -> None:
        """`parameters` names those that the run already has."""
        self.client, self.id, self.finished, self.parameters = client, run, finished, parameters

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        self.client.log_batch(
            self.id,
            metrics=[Metric(name, value, now, 0) for name, value in _fitted(metrics).items()],
            # MLflow refuses to change a parameter, even from [0.9,1] to [0.9, 1]. A continued run has the same settings by its
            # key, but they may be written differently.
            params=[Param(name, str(value)) for name, value in _fitted(parameters).items() if name not in self.parameters],
        )

    def curve(self, name: str, values: Sequence[float]) -> None:
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        for start in range(0, len(values), 1000):  # the most that MLflow takes in one request
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
        """Tag a file as a table that MLflow's pages show.

        `MlflowClient.log_table` sets the same tag, but it appends rows to those of an earlier attempt.
        """
        tag = "mlflow.loggedArtifacts"
        tables = json.loads(self.client.get_run(self.id).data.tags.get(tag, "[]"))
        entry = {"path": name, "type": "table"}
        if entry not in tables:
            self.client.set_tag(self.id, tag, json.dumps([*tables, entry]))


def _fitted(values: Mapping[str, T]) -> dict[str, T]:
    """Return the same values under names that MLflow accepts.

    If two names become the same, the later one is numbered.
    """
    fitted: dict[str, T] = {}
    for name, value in values.items():
        fit = _fit(name)
        free = (f"{fit} {number}" for number in count(2))
        fitted[fit if fit not in fitted else next(name for name in free if name not in fitted)] = value
    return fitted


def _fit(name: str) -> str:
    """Change a name to one that MLflow accepts.

    That is a path of at most 250 characters, without an empty part, of letters, digits, space and `_ - . :`.
    """
    # Quotes are removed and not replaced: Women's reads better as Womens than as Women_s.
    parts = (re.sub(r"[^\w\-. :]", "_", re.sub(r"['\"‘’“”]", "", part)).strip() for part in name.split("/"))
    return "/".join(part.replace("..", "__") if part.strip(".") else "_" for part in parts)[:250]
