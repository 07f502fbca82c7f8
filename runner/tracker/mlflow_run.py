"""Numbers and files in, an MLflow run out."""

import json
import tempfile
import time
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.tracker.mlflow_names import fitted

if TYPE_CHECKING:
    from mlflow import MlflowClient

LONGEST_PARAMETER = 6000  # characters: MLflow itself warns of each longer value, and cuts it


class MLflowRun:
    """An open run of MLflow."""

    def __init__(self, client: "MlflowClient", run: str, finished: bool, parameters: Container[str] = ()) -> None:
        """`parameters` names those that the run already has."""
        self.client, self.id, self.finished, self.parameters = client, run, finished, parameters

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        self.client.log_batch(self.id, [Metric(name, value, now, 0) for name, value in fitted(metrics).items()])
        # MLflow refuses to change a parameter, even from [0.9,1] to [0.9, 1]. A continued run has the same settings by its key,
        # but they may be written differently.
        new = {name: str(value) for name, value in fitted(parameters).items() if name not in self.parameters}
        settings = [Param(name, value[:LONGEST_PARAMETER]) for name, value in new.items()]
        for start in range(0, len(settings), 100):  # the most that MLflow takes in one request
            self.client.log_batch(self.id, params=settings[start : start + 100])

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
