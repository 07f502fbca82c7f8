"""All runs of this program are read, newest first, and those of other programs are left out."""

import time

from mlflow import MlflowClient

from runner.tracker.mlflow import MLflow
from tests.tracker.given import ARM, SWEEP


def test_runs_of_every_corpus_are_read_newest_first(tracker: MLflow) -> None:
    before = time.time()
    with tracker.run("cup", "k1", "size=1x", SWEEP):
        pass
    with tracker.run("chip", "k2", "fact 1x", ARM) as run:
        run.log({"accuracy": 0.5}, {})
    client = MlflowClient(tracker.uri)
    client.create_run(client.get_experiment_by_name("chip").experiment_id)  # another program's
    runs = tracker.history()
    assert [(run.name, run.experiment) for run in runs] == [("fact 1x", "chip"), ("size=1x", "cup")]
    assert runs[0].metrics == {"accuracy": 0.5}
    assert before - 1 <= runs[1].began <= runs[0].began <= time.time()
