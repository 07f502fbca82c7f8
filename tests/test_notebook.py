"""A run from Python: the command's overrides in, tables out, and a process that is as it was before."""

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig

from runner import run
from runner.config.messages import CONF
from runner.errors import Fault, InvalidInput
from tests.sweep.given import quick


@pytest.fixture
def overrides(tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Overrides of a run that takes a second, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return quick(tmp_path, tracking_uri)


def process() -> dict[str, Any]:
    """Everything that a run could leave behind."""
    root, log = logging.getLogger(), logging.getLogger("runner")
    return {
        "hydra": (GlobalHydra.instance().hydra, HydraConfig.instance().cfg),
        "arguments": list(sys.argv),
        "path": list(sys.path),
        "folder": Path.cwd(),
        "environment": dict(os.environ),
        "log": (list(root.handlers), root.level, list(log.handlers), log.level, log.propagate),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        "output": (sys.stdout, sys.stderr),
    }


def test_a_sweep_gives_its_tables_as_data_frames(overrides: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    result = run(*overrides, "size=1x,5x", sweep=True)
    assert list(result.arms["arm"]) == ["base", "rag", "human 1x", "human 5x"]
    assert (result.arms["accuracy"] == 1.0).all()
    assert len(result.answers) == 2 * 4
    assert set(result.answers[result.answers["arm"] == "human 1x"]["answer"]) == {"Ada"}
    assert {"first", "second", "verdict"} <= set(result.pairs.columns)
    assert result.recommendation
    assert repr(result) == "Result of 4 arms: .arms .pairs .answers .recommendation"
    # The table and the log of the command are shown too.
    assert ["runs: 2, arms: 4" in (output := capsys.readouterr()).out, "Recommendation" in output.out] == [True, True]


@pytest.mark.slow
def test_nothing_of_the_process_is_changed_and_a_second_run_works(overrides: list[str]) -> None:
    before = process()
    first = run(*overrides, "hydra.job.chdir=true")
    assert process() == before
    # A notebook may use Hydra for something else.
    with initialize_config_dir(str(CONF), version_base="1.3"):
        second = run(*overrides, "size=1x")
        assert compose("config").seed == 0
    assert [list(result.arms["arm"])[-1] for result in (first, second)] == ["human 5x", "human 1x"]


@pytest.mark.parametrize("sweep", [False, True])
def test_an_error_is_an_exception_and_leaves_nothing_behind(overrides: list[str], sweep: bool) -> None:
    before = process()
    with pytest.raises(Fault, match=r"tuner\.rate"):
        run(*overrides, "tuner.rate=fast", sweep=sweep)
    with pytest.raises(InvalidInput, match=r"nosuch: no such group or setting"):
        run(*overrides, "nosuch=1", sweep=sweep)
    with pytest.raises(InvalidInput, match=r"method=typo: no such choice"):
        run(*overrides, "method=typo", sweep=sweep)
    assert process() == before


@pytest.mark.slow
def test_an_arm_that_fails_is_an_exception_at_the_end_of_the_sweep(overrides: list[str]) -> None:
    with pytest.raises(Fault, match=r"did not finish: .*rate=0"):
        run(*overrides, "tuner.rate=0,1", sweep=True)


@pytest.mark.slow
def test_a_run_works_in_a_thread(overrides: list[str]) -> None:
    results: list[Any] = []
    threads = [
        threading.Thread(target=lambda size=size: results.append(run(*overrides, f"size={size}"))) for size in ("1x", "5x")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(list(result.arms["arm"])[-1] for result in results) == ["human 1x", "human 5x"]


@pytest.mark.parametrize(("asked", "words"), [("preview=true", "1 run"), ("power=true", "Power: the smallest difference")])
def test_a_forecast_gives_no_arms(overrides: list[str], capsys: pytest.CaptureFixture[str], asked: str, words: str) -> None:
    assert run(*overrides, "instruction=Use the part's words.", asked).arms.empty
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("sweep", [pytest.param(False, marks=pytest.mark.slow), True], ids=["one", "sweep"])
def test_relative_paths_are_those_of_the_folder_of_the_start_where_hydra_changes_it(
    overrides: list[str], tmp_path: Path, sweep: bool
) -> None:
    relative = [override.replace(f"{tmp_path}/", "") for override in overrides if "=[file://" not in override]
    result = run(*relative, "--config-dir=mine", "hydra.job.chdir=true", sweep=sweep)
    assert list(result.arms["arm"]) == ["base", "rag", "human 5x"]
    assert not list((tmp_path / "mlruns" / "hydra").rglob("*.db"))
    assert not [text for text in relative if str(tmp_path) in text]


@pytest.mark.slow
def test_a_real_kernel_runs_twice_and_shows_the_tables(overrides: list[str], tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    cells = [
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\nfrom runner import run",
        f"first = run(*{overrides!r}, 'size=1x,5x', sweep=True)",
        "second = run(*" + repr(overrides) + ", 'size=1x')\nsecond",
        "print(list(first.arms['arm']), list(second.arms['arm']))",
        f"run(*{overrides!r}, 'size=2z')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [cell["outputs"] for cell in notebook["cells"]]
    shown = ["".join(str(part.get("text") or part.get("data") or part.get("evalue")) for part in cell) for cell in outputs]
    assert "Recommendation" in shown[1]
    assert "Result of 3 arms" in shown[2]
    assert "['base', 'rag', 'human 1x', 'human 5x'] ['base', 'rag', 'human 1x']" in shown[3]
    assert (outputs[4][-1]["output_type"], outputs[4][-1]["ename"]) == ("error", "InvalidInput")
    # Log lines are no errors, which a notebook shows in red.
    assert "runs: 2, arms: 4" in shown[1]
    assert not [part for cell in outputs[:4] for part in cell if part.get("name") == "stderr" and "runs:" in part["text"]]
