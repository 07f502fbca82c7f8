"""A command is refused or previewed before anything is written."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.sweep.acceptance import accepted
from tests.sweep.given import quick


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def common(folder: Path) -> list[str]:
    """A run that takes a second, of which everything would be written into the folder."""
    return [*quick(folder.parent, f"sqlite:///{folder}/mlruns/mlflow.db"), f"store={folder}/store"]


def test_a_run_is_let_through(common: list[str]) -> None:
    assert accepted(common)


@pytest.mark.parametrize(
    "words", [["--cfg", "job"], ["--help"], ["--info=config"], ["--hydra-help"], ["-m", "size=1x,5x"], ["-sc", "x"]]
)
def test_what_hydra_prints_and_what_the_sweeper_checks_are_let_through(common: list[str], folder: Path, words: list[str]) -> None:
    assert accepted([*words, *common])
    assert list(folder.iterdir()) == []


def test_a_preview_is_printed_and_nothing_is_written(common: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not accepted([*common, "preview=true"])
    assert "1 run, 3 arms: base, rag, human 5x" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


def test_power_and_preview_are_printed_one_after_the_other_and_nothing_is_written(
    common: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not accepted([*common, "preview=true", "power=true"])
    power, preview = capsys.readouterr().out.split("1 run, 3 arms: base, rag, human 5x")
    assert "cup: 2 questions on 2 facts; base, rag, human 5x" in power
    assert "left to ask" in preview
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["preview", "power"])
def test_a_sweeper_that_makes_no_forecast_is_refused(common: list[str], name: str) -> None:
    with pytest.raises(
        InvalidInput, match=rf"{name}=true: hydra/sweeper=basic makes no forecast\. Expected hydra/sweeper=runner"
    ):
        accepted(["-m", *common, f"{name}=true", "hydra/sweeper=basic"])


def test_trainings_until_a_verdict_are_refused_under_a_sweeper_that_compares_nothing(common: list[str]) -> None:
    with pytest.raises(InvalidInput, match=r"seeds=auto: hydra/sweeper=basic compares no arms\. Expected hydra/sweeper=runner"):
        accepted(["-m", *common, "seeds=auto", "hydra/sweeper=basic"])


@pytest.mark.parametrize("swept", [["hydra/sweeper=basic", "experiment=ours,theirs"], ["hydra/sweeper=strange"]])
def test_code_that_hydra_would_run_is_refused_under_another_sweeper_too(
    common: list[str], tmp_path: Path, swept: list[str]
) -> None:
    files = {
        "experiment/ours": "# @package _global_\nseed: 1",
        "experiment/theirs": "# @package _global_\nhydra: {job_logging: {handlers: {console: {class: subprocess.Popen}}}}",
        "hydra/sweeper/strange": "defaults: [basic]\nparams: {experiment: 'ours,theirs'}",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.yaml").write_text(content)
    words = ["-m", "--config-dir", str(tmp_path), *common]
    with pytest.raises(InvalidInput, match=r"console\.class=subprocess\.Popen: expected a class that writes log lines"):
        accepted([*words, *swept])
    assert accepted([*words, "hydra/sweeper=basic", "experiment=ours,paper", "seed=1,2"])


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("seeds=0", "seeds: found 0"),
        ("teacher.key=sk-0123456789abcdef", "teacher.key: found what looks like a key"),
        ("retention.path=nowhere", "nowhere: no such folder"),
        ("tracker.uri=nothing", "tracker.uri=nothing"),
        ("export=/dev/null", "export=/dev/null: "),
    ],
)
def test_a_refused_command_leaves_nothing_behind(common: list[str], folder: Path, override: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        accepted([*common, "retention=general", override])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["preview=true"]], ids=["run", "preview"])
def test_a_fault_of_the_corpus_is_the_same_refusal_in_a_preview(common: list[str], folder: Path, more: list[str]) -> None:
    with pytest.raises(InvalidInput, match=r"corpus\.path=nowhere: no such folder"):
        accepted([*common, "corpus.path=nowhere", *more])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["preview=true"]], ids=["run", "preview"])
def test_several_values_without_the_flag_of_a_sweep_are_refused(common: list[str], folder: Path, more: list[str]) -> None:
    with pytest.raises(InvalidInput, match=r"^seed=0,1 size=1x,5x: found several values\. A sweep over them needs -m"):
        accepted([*common, "seed=0,1", "size=1x,5x", *more])
    assert list(folder.iterdir()) == []
