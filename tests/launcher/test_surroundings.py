"""A command's folder, store and variables reach its jobs; values that nobody names stay where they are."""

import os
import pickle
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from runner.errors import Fault
from runner.launcher.surroundings import Surroundings, named_variables
from tests.given import KEY
from tests.sweep.given import point


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process whose folder, import path and environment are as before after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    own = {"RUNNER_STORE", "RUNNER_PLAIN", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "MLFLOW_TRACKING_USERNAME"}
    # Other tests of the process load MLflow with settings of ours.
    for name in own | {name for name in os.environ if name.startswith("MLFLOW_")}:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def here(folder: Path) -> Surroundings:
    """The surroundings of a command that was typed in a folder."""
    return Surroundings.here(OmegaConf.create({"hydra": {"runtime": {"cwd": str(folder)}}}))


def test_a_job_works_in_the_folder_of_the_command_and_with_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    (tmp_path / "work").mkdir()
    surroundings = here(tmp_path / "work")
    monkeypatch.setenv("HOME", "/home/of-a-worker")
    surroundings.enter()
    assert Path.cwd() == tmp_path / "work"
    assert str(tmp_path / "work") in sys.path
    assert os.environ["RUNNER_STORE"] == "/home/ada/.cache/experiment-runner"
    assert point("method=human").store == "/home/ada/.cache/experiment-runner"


def test_a_store_of_the_environment_reaches_the_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_STORE", "/shared/store")
    surroundings = here(tmp_path)
    monkeypatch.delenv("RUNNER_STORE")
    surroundings.enter()
    assert os.environ["RUNNER_STORE"] == "/shared/store"


def test_a_folder_that_a_machine_lacks_is_named_with_the_machine(tmp_path: Path) -> None:
    with pytest.raises(
        Fault, match=r"the folder .*/gone, in which the command was typed, can't be entered on \S+ \(No such file"
    ):
        here(tmp_path / "gone").enter()


def test_values_are_sent_by_name_alone_and_are_in_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: None) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    monkeypatch.setenv("OTHER_SECRET", "of another program")
    surroundings = here(tmp_path)
    # What Slurm keeps on a shared disk holds none.
    assert KEY.encode() not in pickle.dumps(surroundings)
    sent = surroundings.sending(["OPENAI_API_KEY", "NOT_SET", "HOME"])
    assert sent.variables == {"MLFLOW_TRACKING_USERNAME": "ada", "OPENAI_API_KEY": KEY}
    assert KEY not in repr(sent)
    monkeypatch.delenv("OPENAI_API_KEY")
    sent.enter()
    assert os.environ["OPENAI_API_KEY"] == KEY


def test_the_variables_of_a_config_are_those_that_it_names(monkeypatch: pytest.MonkeyPatch, key: None) -> None:
    for name in ("TRACKING_PASSWORD", "JUDGE_KEY", "OTHER_SECRET"):
        monkeypatch.setenv(name, "set")
    configs = [point("model@teacher=openai"), point("model@judge=openai", "judge.key=JUDGE_KEY")]
    address = "tracker.uri=postgresql://me:${oc.env:TRACKING_PASSWORD}@host/runs"
    assert named_variables(configs) == ("JUDGE_KEY", "OPENAI_API_KEY")
    assert named_variables([point(address, "model@judge=recorded")]) == ("TRACKING_PASSWORD",)
    monkeypatch.delenv("OPENAI_API_KEY")
    assert named_variables(configs) == ("JUDGE_KEY",)
