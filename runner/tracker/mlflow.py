"""Results in MLflow: metrics, parameters, tags, tables and files of each run.

They are written while a run is open, and read back for the comparison of a sweep.
"""

import json
import logging
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, ClassVar

from runner.component import component
from runner.errors import Fault
from runner.tracker import TrackedRun
from runner.tracker.artifact_folder import folder_of, follow_move, path_in
from runner.tracker.mlflow_address import check_address, check_server, is_server, pages, redacted, shown
from runner.tracker.mlflow_artifacts import FILES, TRACEBACK, check_place, described, files_of, is_lost, is_whole, remove_stale
from runner.tracker.mlflow_client import connected, faults
from runner.tracker.mlflow_history import past_runs
from runner.tracker.mlflow_names import LONGEST_TAG
from runner.tracker.mlflow_origin import surroundings, sweeps
from runner.tracker.mlflow_run import MLflowRun
from runner.tracker.sqlite_file import SQLITE, address_of, lock_of, path_of, prepare

if TYPE_CHECKING:
    from mlflow import MlflowClient

log = logging.getLogger("runner")

LONGEST_NAME = 500  # characters of an experiment's name in MLflow


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
        if not experiment.strip() or len(experiment) > LONGEST_NAME or not experiment.isprintable():
            raise Fault(
                f"the corpus is called {experiment[:LONGEST_NAME]!r}, which can't be the name of an MLflow experiment. Expected "
                f"up to {LONGEST_NAME} characters that can be printed: corpus.title=..."
            )
        # Servers and files are tried directly first: MLflow itself would retry for minutes before it gives up.
        if is_server(self.uri):
            check_server(self.uri)
        if self.uri.startswith(SQLITE):
            with faults(self.uri):  # and no client yet, which would make the tables
                prepare(path_of(self.uri), _make_tables)
                follow_move(path_of(self.uri))
        with connected(self.uri) as client:
            self._experiment(client, experiment)
            if made := client.get_experiment_by_name(experiment):
                check_place(made.artifact_location or "", self.uri)

    def find(self, experiment: str, key: str) -> TrackedRun | None:
        """Return the newest run whose tag `runner.key` is `key`."""
        # A search makes nothing: a preview must leave no file behind.
        if self.uri.startswith(SQLITE) and not path_of(self.uri).exists():
            return None
        with connected(self.uri) as client:
            group = client.get_experiment_by_name(experiment)
            runs = group and client.search_runs([group.experiment_id], f"tags.`runner.key` = '{key}'", max_results=1)
            if not runs:
                return None
            run = runs[0]
            # Of a sweep the artifacts are written again each time.
            whole = run.info.status != "FINISHED" or run.data.tags.get("runner.kind") != "arm" or is_whole(client, run)
        name, status = run.info.run_name or "", run.info.status if whole else "INCOMPLETE"
        return TrackedRun(run.info.run_id, name, status, run.data.tags, run.data.params, run.data.metrics)

    def history(self) -> list[TrackedRun]:
        """Return every run of every experiment, newest first."""
        check_address(self.uri)
        if is_server(self.uri):
            check_server(self.uri)
        if self.uri.startswith(SQLITE):
            # Reading makes no file.
            if not path_of(self.uri).exists():
                return []
            with faults(self.uri):
                follow_move(path_of(self.uri))
        with connected(self.uri) as client:
            return past_runs(client)

    @contextmanager
    def run(
        self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None
    ) -> Iterator[MLflowRun]:
        """Open the run with this key, or make it.

        A run that failed or was killed earlier is continued under its id. A finished arm is not opened again; a finished
        sweep is, since more arms may have joined it.
        """
        began = time.time()
        # Two commands at once must not make the run twice. A server has no lock that a command could take.
        with lock_of(path_of(self.uri)) if self.uri.startswith(SQLITE) else nullcontext():
            earlier = self.find(experiment, key)
            membership = sweeps(earlier.tags if earlier else {}, parent)
            if finished := earlier is not None and earlier.status == "FINISHED" and tags.get("runner.kind") == "arm":
                run_id = earlier.id
                # It stays as it was, but belongs to one more sweep. An arm of an earlier version lacks some tags.
                self._tag(run_id, {name: tags[name] for name in tags.keys() - earlier.tags.keys()} | membership)
            else:
                all_tags = {**surroundings(), **tags, **membership, "runner.key": key}
                all_tags |= {"mlflow.parentRunId": parent} if parent else {}
                run_id = self._open(experiment, earlier, redacted(name, self.uri), all_tags)
        run = MLflowRun(self.uri, run_id, finished, parameters=earlier.parameters if earlier else ())
        if finished:
            yield run
            return
        try:
            yield run
            with connected(self.uri) as client:
                remove_stale(client.get_run(run_id), self.uri, run.files, began)
                if tags.get("runner.kind") == "arm":
                    client.set_tag(run_id, FILES, json.dumps(run.files))
                client.set_terminated(run_id, "FINISHED")
        except BaseException as error:  # Ctrl-C too: otherwise the run would be shown as running for ever
            # An error while the run is ended must not hide the first one. The status comes first, since it can be set even
            # if no artifact can be stored.
            with suppress(Exception), connected(self.uri) as client:
                client.set_terminated(run_id, "FAILED" if isinstance(error, Exception) else "KILLED")
                client.set_tag(run_id, "runner.reason", redacted(str(error), self.uri)[:LONGEST_TAG])
                run.text(TRACEBACK, traceback.format_exc())
            raise

    def rows(self, run: str, table: str) -> list[dict[str, Any]]:
        """Read the rows of a table."""
        # Earlier versions wrote each table twice, and Parquet kept the kinds of numbers.
        with self._artifact(run, f"{table}.parquet", f"{table}.json") as file:
            if not file:
                return []
            if file.suffix == ".parquet":
                import pyarrow.parquet

                return list(pyarrow.parquet.read_table(file).to_pylist())
            content = json.loads(file.read_text(encoding="utf-8"))
            return [dict(zip(content["columns"], row, strict=True)) for row in content["data"]]

    def said(self, run: str, name: str) -> str:
        """Read a text artifact."""
        with self._artifact(run, name) as file:
            return file.read_text(encoding="utf-8") if file else ""

    def values(self, run: str, metric: str) -> list[float]:
        """Return the newest value of each step of a metric."""
        with connected(self.uri) as client:
            # A run that was continued has two values for a step that it repeated. The dict keeps the later one.
            history = sorted(client.get_metric_history(run, metric), key=lambda point: (point.step, point.timestamp))
        return list({point.step: point.value for point in history}.values())

    def address(self) -> str:
        """Return the address without secrets; of a file with its whole path."""
        return address_of(path_of(self.uri)) if self.uri.startswith(SQLITE) else shown(self.uri)

    def place(self, run: str) -> str:
        """Return where the artifacts and the pages are.

        The second line is a command or an address.
        """
        return f"Artifacts: {self._place(run)}\nCompare:   {pages(self.uri)}"

    @contextmanager
    def _artifact(self, run: str, *names: str) -> Iterator[Path | None]:
        """Yield a temporary copy of a run's file, or None.

        It is the first of `names` that the run has.
        """
        with tempfile.TemporaryDirectory() as scratch:
            with connected(self.uri) as client:
                listed = {item.path for item in client.list_artifacts(run)}
                name = next((name for name in names if name in listed), "")
                path = Path(client.download_artifacts(run, name, scratch)) if name else None
                tracked = client.get_run(run)
                written = files_of(tracked).get(name) if name else None
            # Without its tables an arm would be compared as if it had answered nothing.
            if not path and is_lost(tracked, names):
                raise Fault(
                    f"{names[-1]} of the run {run} is missing in {self._place(run)}. Bring it back, leave the run out, or repeat "
                    "the command that made the run: it tracks the run again from what is kept"
                )
            if path and written and described(path) != written:
                raise Fault(
                    f"{name} of the run {run} is not what was written: {self._place(run)}/{name}. Delete this file, and the same "
                    "command tracks the arm again from what is kept"
                )
            yield path

    def _place(self, run: str) -> str:
        with connected(self.uri) as client:
            address = client.get_run(run).info.artifact_uri
        return str(path_in(address) or address)

    def _open(self, experiment: str, earlier: TrackedRun | None, name: str, tags: dict[str, str]) -> str:
        """Make a run, or open an earlier one again; return its id."""
        with connected(self.uri) as client:
            if not earlier:
                return str(client.create_run(self._experiment(client, experiment), tags=tags, run_name=name).info.run_id)
            if earlier.status == "INCOMPLETE":
                log.warning("%s: artifacts are missing or cut in %s, so it is tracked again", name, self._place(earlier.id))
            client.update_run(earlier.id, status="RUNNING", name=name)
            if "runner.reason" in earlier.tags:  # of the earlier failure, which may be repaired by now
                client.delete_tag(earlier.id, "runner.reason")
            for tag, value in tags.items():
                client.set_tag(earlier.id, tag, value)
        return earlier.id

    def _tag(self, run: str, tags: Mapping[str, str]) -> None:
        if tags:
            with connected(self.uri) as client:
                for name, value in tags.items():
                    client.set_tag(run, name, value)

    def _experiment(self, client: "MlflowClient", name: str) -> str:
        """Return the id of an experiment; make it if it does not exist."""
        if experiment := client.get_experiment_by_name(name):
            # MLflow keeps the name of a deleted experiment, so no new one can be made under it.
            if experiment.lifecycle_stage == "deleted":
                restore = f"mlflow experiments restore --experiment-id {experiment.experiment_id}"
                raise Fault(
                    f"the experiment {name} was deleted in {shown(self.uri)}. Bring it back: "
                    f"MLFLOW_TRACKING_URI={quote(shown(self.uri))} {restore}; or give the corpus another name: corpus.title=..."
                )
            return str(experiment.experiment_id)
        # Without a location MLflow would put the artifacts of a SQLite store into the current folder, wherever that is.
        folder = folder_of(path_of(self.uri), name).as_uri() if self.uri.startswith(SQLITE) else None
        try:
            return str(client.create_experiment(name, artifact_location=folder))
        except Exception:  # another job may have made it in the meantime
            if experiment := client.get_experiment_by_name(name):
                return str(experiment.experiment_id)
            raise


def _make_tables(uri: str) -> None:
    from mlflow import MlflowClient

    MlflowClient(uri).search_experiments(max_results=1)
