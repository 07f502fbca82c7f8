"""A command that starts no run is told all faults of its settings, as a run is."""

import sys
from pathlib import Path

import pytest

from runner.commands.command_settings import command_settings
from runner.commands.compare_logs import main as runner_compare
from runner.errors import InvalidInput
from runner.run import main

Patch = pytest.MonkeyPatch
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_defaults_of_ones_own_and_texts_with_an_apostrophe_are_read(folder: Path) -> None:
    (folder / "experiment-runner.yaml").write_text("recall: 7\nseed: 1\n")
    with command_settings(["store=the part's", "seed=2"]) as config:
        assert (config.recall, config.seed, config.store) == (7, 2, "the part's")


def test_all_faults_are_told_and_those_of_a_file_with_its_name(folder: Path) -> None:
    (folder / "experiment-runner.yaml").write_text("tuner.rnak: 8\n")
    with pytest.raises(InvalidInput) as caught, command_settings(["sede=1"]):
        pass
    assert [line.partition(": no such")[0] for line in str(caught.value).splitlines()] == [
        "experiment-runner.yaml: tuner.rnak",
        "sede",
    ]


@pytest.mark.parametrize("words", [["--list"], ["--disk-use"], ["--compare", "aaaa1111", "bbbb2222"]])
def test_a_misspelt_setting_is_told_and_not_the_command(words: list[str], monkeypatch: Patch, capsys: Capture) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["run.py", *words, "tracker.ury=x"])
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")  # set by the command, so that it is taken back
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == InvalidInput.exit_code
    assert capsys.readouterr().err == "tracker.ury: no such setting. Did you mean tracker.uri?\n"


def test_runner_compare_tells_it_too(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        runner_compare(["aaaa1111", "bbbb2222", "tracker.ury=x"])
    assert ended.value.code == InvalidInput.exit_code
    assert capsys.readouterr().err == "runner-compare: tracker.ury: no such setting. Did you mean tracker.uri?\n"
