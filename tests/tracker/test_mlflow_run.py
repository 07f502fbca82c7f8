"""Numbers, settings, tags, tables and files of a run, in a real MLflow store."""

import json
from math import nan
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.tracker.mlflow import MLflow
from tests.tracker.given import ARM, SWEEP, artifact, found


def test_a_run_ends_finished_with_its_numbers_settings_and_tags(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "fact 5x", ARM) as run:
        run.log({"accuracy": 0.5}, {"method": "fact", "seed": 0})
    row = found(tracker)
    assert (row.id, row.name, row.status) == (run.id, "fact 5x", "FINISHED")
    assert (row.metrics, row.parameters) == ({"accuracy": 0.5}, {"method": "fact", "seed": "0"})
    assert row.tags["runner.arm"] == "tuned"


def test_a_setting_that_is_written_in_another_way_does_not_hinder_an_arm_from_being_taken_up(tracker: MLflow) -> None:
    with pytest.raises(KeyboardInterrupt), tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {"tuner.betas": "[0.9, 1]"})
        raise KeyboardInterrupt
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {"tuner.betas": "[0.9,1]", "labels": 3})
    row = found(tracker)
    assert (row.status, row.parameters) == ("FINISHED", {"tuner.betas": "[0.9, 1]", "labels": "3"})


def test_more_and_longer_settings_than_mlflow_takes_at_once_are_tracked(tracker: MLflow) -> None:
    settings = {f"tuner.setting_{number}": number for number in range(130)}
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({}, {**settings, "method.prompt": "word " * 2000})
    kept = dict(found(tracker).parameters)
    assert kept.pop("method.prompt") == ("word " * 2000)[:6000]
    assert kept == {name: str(number) for name, number in settings.items()}


def test_a_table_is_one_file_that_the_pages_show_and_mlflow_loads(tracker: MLflow, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"question": 'Who? – "she"', "passed": True, "share": 0.5}, {"question": "Où?", "passed": False, "share": nan}]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", rows)
        run.table("answers", rows)
    assert json.loads(found(tracker).tags["mlflow.loggedArtifacts"]) == [{"path": "answers.json", "type": "table"}]
    assert [file.path for file in MlflowClient(tracker.uri).list_artifacts(run.id)] == ["answers.json"]
    # A page can't read nan.
    assert "NaN" not in artifact(tracker, run.id, "answers.json").read_text()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracker.uri)
    experiment = MlflowClient().get_run(run.id).info.experiment_id
    frame = MlflowClient().load_table(experiment, "answers.json", [run.id])
    assert list(frame["question"]) == [row["question"] for row in rows]
    assert list(frame["passed"]) == [True, False]


def test_rows_with_different_columns_are_one_table(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("labels", [{"a": 1}, {"b": "x"}])
    assert tracker.rows(run.id, "labels") == [{"a": 1, "b": None}, {"a": None, "b": "x"}]


def test_a_description_links_to_runs_also_to_those_of_an_earlier_sweep(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", SWEEP) as run:
        run.describe("Take fact 5x.", {"fact 5x betas=[0, 1]": "abc"})
    experiment = MlflowClient(tracker.uri).get_run(run.id).info.experiment_id
    note = f"Take fact 5x.\n\n- [fact 5x betas=0, 1](#/experiments/{experiment}/runs/abc)"
    assert found(tracker).tags["mlflow.note.content"] == note


def test_a_table_that_was_tracked_again_has_the_later_rows_alone(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.table("answers", [{"id": "a"}, {"id": "b"}])
        run.table("answers", [{"id": "c"}])
    assert tracker.rows(run.id, "answers") == [{"id": "c"}]


def test_a_tag_is_found_on_the_run_and_may_be_set_again(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.tag("runner.gate", "failed")
        run.tag("runner.gate", "passed")
    assert found(tracker).tags["runner.gate"] == "passed"
    assert found(tracker).tags["runner.arm"] == "tuned"


def test_a_long_tag_is_kept_whole(tracker: MLflow) -> None:
    advice = "Label by fact. " * 400
    with tracker.run("corpus", "k", "n", SWEEP) as run:
        run.tag("mlflow.note.content", advice)
    assert found(tracker).tags["mlflow.note.content"] == advice


def test_a_table_without_rows_is_kept(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", SWEEP) as run:
        run.table("comparison", [])
    assert artifact(tracker, run.id, "comparison.json").exists()


def test_text_and_files_are_kept_as_they_are(tracker: MLflow, tmp_path: Path) -> None:
    (tmp_path / "figure.png").write_bytes(b"\x89PNG")
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.text("config.yaml", "seed: 0\n")
        run.file(tmp_path / "figure.png")
    assert artifact(tracker, run.id, "config.yaml").read_text() == "seed: 0\n"
    assert artifact(tracker, run.id, "figure.png").read_bytes() == b"\x89PNG"


def test_a_curve_has_a_point_a_step_beyond_what_mlflow_takes_at_once(tracker: MLflow) -> None:
    losses = [1 / step for step in range(1, 1202)]
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.curve("train_loss", losses)
    history = MlflowClient(tracker.uri).get_metric_history(run.id, "train_loss")
    assert sorted((point.step, point.value) for point in history) == list(enumerate(losses, start=1))
