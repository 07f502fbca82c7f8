"""Results in MLflow: metrics, parameters, tags, tables and files of each run.

They are written while a run is open, and read back for the comparison of a sweep.
"""

import logging
import os
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.request import url2pathname

from runner.component import component
from runner.errors import Fault
from runner.tracker import TrackedRun
from runner.tracker.mlflow_address import check_address, check_server, is_server
from runner.tracker.mlflow_history import past_runs
from runner.tracker.mlflow_run import MLflowRun
from runner.tracker.sqlite_file import SQLITE, path_of, prepare

if TYPE_CHECKING:
    from mlflow import MlflowClient

LONGEST_TAG = 5000  # characters: every version and kind of store takes this many


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
        check_address(self.uri)
        # The name is that of a folder of artifacts too, which must not lie elsewhere.
        if not isinstance(experiment, str) or not experiment.strip() or {"..", "/"} & {*Path(experiment).parts}:
            raise Fault(
                f"the corpus is called {experiment!r}, which can't be the name of an MLflow experiment. Expected a name that is "
                "not empty and not a path: corpus.title=..."
            )
        # Servers and files are tried directly first: MLflow itself would retry for minutes before it gives up.
        try:
            if is_server(self.uri):
                check_server(self.uri)
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

    def history(self) -> list[TrackedRun]:
        """Return every run of every experiment, newest first."""
        check_address(self.uri)
        if is_server(self.uri):
            check_server(self.uri)
        # Reading makes no file.
        if self.uri.startswith(SQLITE) and not path_of(self.uri).exists():
            return []
        return past_runs(self._client())

    @contextmanager
    def run(
        self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None
    ) -> Iterator[MLflowRun]:
        """Open the run with this key, or make it.

        A run that failed or was killed earlier is continued under its id. A finished arm is not opened again; a finished
        sweep is, since more arms may have joined it.
        """
        client, earlier = self._client(), self.find(experiment, key)
        if earlier and earlier.status == "FINISHED" and tags["runner.kind"] == "arm":
            yield MLflowRun(client, earlier.id, finished=True)
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
            yield MLflowRun(client, run, finished=False, parameters=earlier.parameters if earlier else ())
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


def _make_tables(uri: str) -> None:
    MLflow(uri=uri)._client().search_experiments(max_results=1)
