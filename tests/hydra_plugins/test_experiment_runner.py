"""The sweeper plugin: Hydra finds it, it launches in batches, and another sweeper can be chosen."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext
from mlflow import MlflowClient
from omegaconf import DictConfig, OmegaConf

from hydra_plugins.experiment_runner import ExperimentSweeper
from tests import command
from tests.command import Done
from tests.sweep.given import point, quick

ROOT = Path(__file__).resolve().parents[2]


class NotingLauncher:
    """A launcher that notes what it is given and runs nothing."""

    def __init__(self) -> None:
        """Begin without a note."""
        self.given: list[tuple[list[list[str]], int]] = []

    def launch(self, points: Sequence[Sequence[str]], first: int) -> list[str]:
        """Return a word for each job."""
        self.given.append(([list(overrides) for overrides in points], first))
        return [f"job {first + number}" for number in range(len(points))]


@pytest.fixture
def launcher(monkeypatch: pytest.MonkeyPatch) -> NotingLauncher:
    """The launcher that Hydra gives to the sweeper."""
    noting = NotingLauncher()
    monkeypatch.setattr(Plugins, "instantiate_launcher", lambda self, **parts: noting)
    return noting


def prepared(sweeper: ExperimentSweeper, config: DictConfig | None = None) -> ExperimentSweeper:
    """Set a sweeper up as Hydra does."""
    context: Any = HydraContext(config_loader=None, callbacks=None)
    sweeper.setup(hydra_context=context, task_function=lambda cfg: None, config=config or OmegaConf.create())
    return sweeper


def test_hydra_finds_the_sweeper_and_the_config_chooses_it() -> None:
    # By name, since Hydra imports plugins a second time.
    assert "ExperimentSweeper" in [kind.__name__ for kind in Plugins.instance().discover(Sweeper)]
    config = point()
    assert config.hydra.runtime.choices["hydra/sweeper"] == "runner"
    assert config.hydra.sweeper._target_ == "hydra_plugins.experiment_runner.ExperimentSweeper"


def test_other_programs_that_use_hydra_import_nothing_of_the_runner() -> None:
    code = "import sys, hydra_plugins.experiment_runner as _; print([name for name in sys.modules if name.startswith('runner')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("size", "batches"),
    [(None, [(["a", "b", "c"], 7)]), (2, [(["a", "b"], 7), (["c"], 9)]), (5, [(["a", "b", "c"], 7)])],
    ids=["all at once", "two at a time", "more than there are"],
)
def test_a_launcher_is_given_as_many_jobs_at_a_time_as_is_set(
    launcher: NotingLauncher, size: int | None, batches: list[tuple[list[str], int]]
) -> None:
    sweeper = prepared(ExperimentSweeper(max_batch_size=size))
    jobs = sweeper.launch([["a"], ["b"], ["c"]], 7, lambda cfg: None)
    assert launcher.given == [([[name] for name in names], first) for names, first in batches]
    assert jobs == ["job 7", "job 8", "job 9"]


def test_the_params_of_an_experiment_come_before_the_arguments_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr("runner.sweep.sweeper.sweep", lambda config, arguments, launch: given.append(arguments))
    prepared(ExperimentSweeper(params={"method": "token,fact", "size": "1x,5x"})).sweep(["size=10x"])
    # So that the command's size takes the place of the experiment's.
    assert given == [["method=token,fact", "size=1x,5x", "size=10x"]]


def run(folder: Path, *words: str) -> Done:
    """The command in a folder, with this package's tests to import from."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return command.run(words, folder, surroundings)


def arms(uri: str) -> list[str]:
    """The methods and sizes of the tracked arms, all of which are finished; a baseline has its kind alone."""
    client = MlflowClient(uri)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    rows = client.search_runs(experiments, filter_string="tags.`runner.kind` = 'arm'")
    assert {row.info.status for row in rows} == {"FINISHED"}
    settings = [(row.data.tags["runner.arm"], row.data.params) for row in rows]
    return sorted(f"{values['method']} {values['size']}" if kind == "tuned" else kind for kind, values in settings)


def test_another_sweeper_runs_the_arms_makes_no_comparison_and_says_so(tmp_path: Path, tracking_uri: str) -> None:
    done = run(tmp_path, "-m", *quick(tmp_path, tracking_uri), "size=1x,5x", "hydra/sweeper=basic")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("hydra/sweeper=basic makes no comparison; hydra/sweeper=runner does") == 2
    assert arms(tracking_uri) == ["base", "human 1x", "human 5x", "rag"]
    assert "Recommendation" not in done.stdout


@pytest.mark.slow
def test_an_experiment_of_ones_own_is_swept_without_a_flag(tmp_path: Path, tracking_uri: str) -> None:
    overrides = quick(tmp_path, tracking_uri)
    (tmp_path / "mine" / "experiment").mkdir()
    (tmp_path / "mine" / "experiment" / "sizes.yaml").write_text(
        "# @package _global_\nhydra: {mode: MULTIRUN, sweeper: {params: {size: '1x,5x'}}}\n"
    )
    done = run(tmp_path, *overrides, "experiment=sizes")
    assert done.returncode == 0, done.stderr
    assert arms(tracking_uri) == ["base", "human 1x", "human 5x", "rag"]
    assert "Recommendation" in done.stdout
