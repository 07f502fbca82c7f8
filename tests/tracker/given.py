"""Tags of runs, and what a store holds."""

from pathlib import Path

from mlflow import MlflowClient

from runner.tracker import TrackedRun
from runner.tracker.mlflow import MLflow

ARM = {"runner.kind": "arm", "runner.arm": "tuned"}
SWEEP = {"runner.kind": "sweep"}


def found(tracker: MLflow, key: str = "k") -> TrackedRun:
    row = tracker.find("corpus", key)
    assert row
    return row


def artifact(tracker: MLflow, run: str, name: str) -> Path:
    return Path(MlflowClient(tracker.uri).download_artifacts(run, name))
