"""A tracker with a store of its own."""

import pytest

from runner.tracker.mlflow import MLflow


@pytest.fixture
def tracker(tracking_uri: str) -> MLflow:
    return MLflow(uri=tracking_uri)
