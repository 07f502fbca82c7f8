"""A point's config to its work: a job that any launcher can send, or a run of its own."""

import logging
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict

from runner.config.study import Study
from runner.errors import Fault
from runner.sweep.grid import built
from runner.sweep.jobs import ArmJob, SharedJob, run_alone
from runner.sweep.plan import SharedWork
from runner.sweep.report import collected
from tests.sweep.given import point, quick, skilled

WORK = {"key": SharedWork(baselines=("base",), labels=True, general=False)}


@pytest.fixture
def common(tmp_path: Path, tracking_uri: str) -> list[str]:
    """A run that takes a second."""
    return quick(tmp_path, tracking_uri)


def done(task: Callable[[DictConfig], Any], config: DictConfig) -> Any:
    """Run a task as a launcher would."""
    HydraConfig.instance().set_config(config)
    return task(config)


def status(study: Study) -> dict[str, str]:
    """The status of each arm that is tracked."""
    rows = {name: study.tracker.find(study.corpus.name, study.key(name)) for name in study.arms}
    return {name: row.status for name, row in rows.items() if row}


@pytest.mark.parametrize("job", [ArmJob("parent"), SharedJob(WORK, "parent")], ids=["arm", "shared"])
def test_a_job_can_be_sent_to_another_process(job: ArmJob | SharedJob) -> None:
    assert pickle.loads(pickle.dumps(job)) == job


def test_an_arm_job_does_the_arms_of_its_point_under_the_sweeps_run(common: list[str]) -> None:
    config = point(*common)
    study = built(config, config.hydra)
    with study.tracker.run(study.corpus.name, "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        assert done(ArmJob(parent.id), config) == ""
    assert status(study) == dict.fromkeys(study.arms, "FINISHED")
    row = study.tracker.find(study.corpus.name, study.key("tuned"))
    assert row
    assert row.tags["mlflow.parentRunId"] == parent.id


def test_a_shared_job_does_the_part_of_its_point_alone(common: list[str]) -> None:
    config = point(*common)
    study = built(config, config.hydra)
    with study.tracker.run(study.corpus.name, "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        assert done(SharedJob({study.key("tuned"): WORK["key"]}, parent.id), config) == ""
    assert status(study) == {"base": "FINISHED"}
    assert len(list(study.store.folder.glob("labels/*/manifest.json"))) == 1


def test_an_error_ends_its_own_job_alone_and_is_returned_in_words(common: list[str], caplog: pytest.LogCaptureFixture) -> None:
    config = point(*common, "tuner.rate=0")
    study = built(config, config.hydra)
    with study.tracker.run(study.corpus.name, "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        assert done(ArmJob(parent.id), config) == "ValueError('the rate is 0')"
    assert status(study)["tuned"] == "FAILED"
    assert "this run failed" in caplog.text


def test_a_fault_is_returned_without_a_traceback(common: list[str], caplog: pytest.LogCaptureFixture) -> None:
    config = point(*common, "seeds=0")
    assert done(ArmJob("parent"), config) == "seeds: found 0, expected a whole number from 1 to 1000, or auto"
    assert "Traceback" not in caplog.text


def test_a_job_on_a_machine_without_the_exam_names_the_store(common: list[str]) -> None:
    reason = done(ArmJob("parent"), point(*common, "exam=written"))
    assert reason.startswith("the exam that was written before the sweep's runs is not in the store ")
    assert reason.endswith("/store. Machines that share a sweep need one store, on a shared file system: store=FOLDER")


def alone(config: DictConfig, mode: str, folder: Path) -> None:
    """Run a point as Hydra calls it in this mode."""
    with open_dict(config):
        config.hydra.mode = mode
        config.hydra.runtime.output_dir = str(folder / "run")
    OmegaConf.resolve(config.hydra.runtime)
    done(run_alone, config)


@pytest.mark.slow
def test_a_run_alone_with_auto_is_trained_until_it_is_decided_against_its_baselines(
    tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = skilled(tmp_path, tracking_uri)
    with collected() as comparisons:
        alone(point(*own, "tuner.skill=0.3", "tuner.spread=0.05", "seeds=auto"), "RUN", tmp_path)
    ((_, arm),) = (comparison.arms for comparison in comparisons)
    # Decided at the second of three looks.
    assert (len(arm.seeds), arm.ended) == (4, "decided")


def test_a_run_of_its_own_is_compared_and_reported(common: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone(point(*common), "RUN", tmp_path)
    output = capsys.readouterr().out
    assert ["human 5x" in output, "Recommendation" in output] == [True, True]
    assert (tmp_path / "run" / "report.html").exists()


def test_under_another_sweeper_a_point_is_run_and_not_compared_and_a_line_says_so(
    common: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    config = point(*common, "hydra/sweeper=basic")
    with caplog.at_level(logging.INFO):
        alone(config, "MULTIRUN", tmp_path)
    assert status(built(config, config.hydra))["tuned"] == "FINISHED"
    assert "hydra/sweeper=basic makes no comparison; hydra/sweeper=runner does" in caplog.text
    assert capsys.readouterr().out == ""


def test_under_another_sweeper_an_error_is_raised(common: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the rate is 0"):
        alone(point(*common, "tuner.rate=0", "hydra/sweeper=basic"), "MULTIRUN", tmp_path)


@pytest.mark.slow
def test_an_arm_that_failed_the_gate_ends_a_run_of_its_own(
    common: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "failed the gate of retention.floor: human 5x"
    monkeypatch.setattr("runner.sweep.jobs.failures", lambda comparisons: words)
    with pytest.raises(Fault, match="failed the gate"):
        alone(point(*common), "RUN", tmp_path)
