"""Numbers and files in, an MLflow run out."""

import json
import re
import tempfile
import time
from collections.abc import Container, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from runner.tracker import Dataset
from runner.tracker.mlflow_address import redacted
from runner.tracker.mlflow_artifacts import described
from runner.tracker.mlflow_client import connected
from runner.tracker.mlflow_names import fitted
from runner.tracker.mlflow_origin import log_dataset, log_model

LONGEST_PARAMETER = 6000  # characters: MLflow itself warns of each longer value, and cuts it


class MLflowRun:
    """An open run of MLflow."""

    def __init__(self, uri: str, run: str, finished: bool, parameters: Container[str] = ()) -> None:
        """`parameters` names those that the run already has."""
        self.uri, self.id, self.finished, self.parameters = uri, run, finished, parameters
        self.files: dict[str, tuple[int, str]] = {}  # size and hash of each file that was written

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        numbers = [Metric(name, value, now, 0) for name, value in fitted(metrics).items()]
        # MLflow refuses to change a parameter, even from [0.9,1] to [0.9, 1]. A continued run has the same settings by its key,
        # but they may be written differently.
        new = {name: str(value) for name, value in fitted(parameters).items() if name not in self.parameters}
        settings = [Param(name, redacted(value, self.uri)[:LONGEST_PARAMETER]) for name, value in new.items()]
        with connected(self.uri) as client:
            client.log_batch(self.id, numbers)
            for start in range(0, len(settings), 100):  # the most that MLflow takes in one request
                client.log_batch(self.id, params=settings[start : start + 100])

    def curve(self, name: str, values: Sequence[float]) -> None:
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        for start in range(0, len(values), 1000):  # the most that MLflow takes in one request
            chunk = enumerate(values[start : start + 1000], start=start + 1)
            with connected(self.uri) as client:
                client.log_batch(self.id, metrics=[Metric(name, value, now, step) for step, value in chunk])

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        # JSON, since MLflow's pages show no other form of a table. mlflow.load_table reads it as a DataFrame.
        columns = list(dict.fromkeys(column for row in rows for column in row))
        table = {"columns": columns, "data": [[_plain(row.get(column)) for column in columns] for row in rows]}
        self.text(f"{name}.json", json.dumps(table, ensure_ascii=False))
        self._declare(f"{name}.json")

    def text(self, name: str, text: str) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / name
            path.write_text(redacted(text, self.uri), encoding="utf-8")
            self.file(path)

    def tag(self, name: str, value: str) -> None:
        with connected(self.uri) as client:
            client.set_tag(self.id, name, value)

    def file(self, path: Path) -> None:
        with connected(self.uri) as client:
            client.log_artifact(self.id, str(path))
        self.files[path.name] = described(path)

    def dataset(self, dataset: Dataset) -> None:
        with connected(self.uri) as client:
            log_dataset(client, self.id, dataset)

    def model(self, name: str, key: str) -> None:
        with connected(self.uri) as client:
            log_model(client, self.id, name, key)

    def describe(self, text: str, runs: Mapping[str, str]) -> None:
        with connected(self.uri) as client:
            experiment = client.get_run(self.id).info.experiment_id
        # The names of MLflow's own tag and of its pages. Brackets would end the text of a link.
        links = [f"- [{re.sub(r'[][]', '', name)}](#/experiments/{experiment}/runs/{run})" for name, run in runs.items()]
        self.tag("mlflow.note.content", "\n\n".join(filter(None, [text, "\n".join(links)])))

    def _declare(self, name: str) -> None:
        """Tag a file as a table that MLflow's pages show.

        `MlflowClient.log_table` sets the same tag, but it appends rows to those of an earlier attempt.
        """
        tag = "mlflow.loggedArtifacts"
        with connected(self.uri) as client:
            tables = json.loads(client.get_run(self.id).data.tags.get(tag, "[]"))
            entry = {"path": name, "type": "table"}
            if entry not in tables:
                client.set_tag(self.id, tag, json.dumps([*tables, entry]))


def _plain(value: Any) -> Any:
    # JSON has no nan, and a page could not read it.
    return None if isinstance(value, float) and not isfinite(value) else value
