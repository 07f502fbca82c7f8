"""A run says who made it, with which code and data, and which model came out."""

import json

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from runner.tracker import Dataset
from runner.tracker.mlflow import MLflow
from runner.tracker.mlflow_origin import sweeps
from runner.version import RELEASE, commit
from tests.tracker.given import ARM, found

EXAM = Dataset(
    name="cup exam", digest="0123456789abcdef0123456789abcdef", purpose="evaluation", rows=3, columns=("question", "answer")
)


def opened(tracker: MLflow) -> Run:
    return MlflowClient(tracker.uri).get_run(found(tracker).id)


def test_user_source_and_version_are_tags(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM):
        pass
    tags = found(tracker).tags
    assert (tags["mlflow.source.name"], tags["mlflow.source.type"], tags["runner.version"]) == ("run.py", "LOCAL", RELEASE)
    assert tags["mlflow.user"]
    assert not commit() or tags["mlflow.source.git.commit"] == commit()


def test_data_sets_are_inputs_once_also_where_a_run_is_continued(tracker: MLflow) -> None:
    with pytest.raises(KeyboardInterrupt), tracker.run("corpus", "k", "n", ARM) as run:
        run.dataset(EXAM)
        raise KeyboardInterrupt
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.dataset(EXAM)
    (entry,) = opened(tracker).inputs.dataset_inputs
    assert (entry.dataset.name, entry.dataset.digest, entry.tags[0].value) == ("cup exam", EXAM.digest, "evaluation")
    assert json.loads(entry.dataset.profile) == {"num_rows": 3}


def test_a_trained_model_is_a_reference_once_without_weights(tracker: MLflow) -> None:
    for end in (KeyboardInterrupt, None):
        try:
            with tracker.run("corpus", "k", "n", ARM) as run:
                run.model("fact 0.5 of all", "key-of-seed-0")
                run.model("fact 0.5 of all", "key-of-seed-1")
                if end:
                    raise end
        except KeyboardInterrupt:
            pass
    client = MlflowClient(tracker.uri)
    models = [client.get_logged_model(output.model_id) for output in opened(tracker).outputs.model_outputs]
    assert sorted(model.tags["runner.tuning"] for model in models) == ["key-of-seed-0", "key-of-seed-1"]
    assert {(model.name, str(model.status), model.source_run_id) for model in models} == {("fact 0_5 of all", "READY", run.id)}


def test_an_arm_that_a_later_sweep_uses_names_both_and_stays_finished(tracker: MLflow) -> None:
    for parent in ("sweep-1", "sweep-2", "sweep-2"):
        with tracker.run("corpus", "k", "n", ARM, parent=parent):
            pass
    row = found(tracker)
    assert (row.tags["mlflow.parentRunId"], row.tags["runner.sweeps"], row.status) == ("sweep-1", "sweep-1 sweep-2", "FINISHED")


def test_an_arm_of_an_earlier_version_gets_the_tags_and_settings_that_it_lacks(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {"method": "fact"})
    with tracker.run("corpus", "k", "n", {**ARM, "runner.chosen": "[]"}) as run:
        run.log({}, {"method": "fact", "tuner.rank": 16})
    row = found(tracker)
    assert (row.parameters, row.tags["runner.chosen"], row.status) == ({"method": "fact", "tuner.rank": "16"}, "[]", "FINISHED")


def test_of_many_sweeps_the_newest_are_kept() -> None:
    tag = sweeps({"runner.sweeps": " ".join(f"{number:032}" for number in range(151))}, "x" * 32)["runner.sweeps"]
    assert len(tag) <= 5000
    assert {len(sweep) for sweep in tag.split()} == {32}
    assert tag.endswith("x" * 32)
