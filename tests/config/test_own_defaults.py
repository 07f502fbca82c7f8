"""Defaults of one's own stand before the command's overrides, and a fault names their file."""

import sys
from pathlib import Path
from typing import TypeAlias

import pytest
from omegaconf import DictConfig, OmegaConf

from runner.config.command_line import arranged
from runner.config.compose import composed
from runner.config.own_defaults import own_defaults
from runner.errors import InvalidInput
from runner.notebook import run
from runner.run import main
from runner.sweep.command import title

Patch: TypeAlias = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: Patch) -> Path:
    """A working folder, with the user's config folder in it."""
    (tmp_path / "config" / "experiment-runner").mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def project(text: str) -> None:
    Path("experiment-runner.yaml").write_text(text, encoding="utf-8")


def user(text: str) -> None:
    Path("config/experiment-runner/config.yaml").write_text(text, encoding="utf-8")


def config(*words: str) -> DictConfig:
    with composed(arranged(words)) as made:
        return made


def refusal(*words: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        run(*words)
    return str(caught.value)


def test_the_command_wins_over_the_projects_file_which_wins_over_the_users() -> None:
    user("store: /users\nseed: 1\nrecall: 1\n")
    project("seed: 2\nrecall: 2\n")
    made = config("recall=3")
    assert (made.store, made.seed, made.recall) == ("/users", 2, 3)


def test_groups_and_settings_may_be_nested_and_are_composed_as_on_the_command_line() -> None:
    project("model@teacher: openai\nteacher: {base_url: 'http://127.0.0.1:1/v1'}\nbudget:\n  usd: 5\nbaseline: [rag]\nsize: 5\n")
    made = config("size=5x")
    assert made.teacher.base_url == "http://127.0.0.1:1/v1"
    assert (made.budget.usd, list(made.baseline)) == (5, ["rag"])
    assert made.teacher._target_ == "runner.model.openai.OpenAI"


def test_values_are_those_of_the_yaml_whatever_hydra_would_read() -> None:
    texts = [
        "Know the part's limits, all: {1}",
        "5",
        "true",
        "null",
        "1,2",
        "用一句话回答",
        "a\\",
        "it's\\'",
        "${store}",
        "[a]",
        " b ",
    ]
    for text in texts:
        project(f"instruction: {text!r}\n" if "'" not in text and "\\" not in text else f"instruction: |-\n  {text}\n")
        assert config("store=there").instruction == ("there" if text == "${store}" else text)
    project("tuner.rate: 1e-3\nexport: null\npreview: true\n")
    assert (config().tuner.rate, config().export, config().preview) == (1e-3, None, True)


def test_another_teacher_of_the_command_comes_without_the_files_settings_of_its_own() -> None:
    project("model@teacher: openai\nteacher.id: gpt-9\nseed: 2\n")
    assert own_defaults(["model@teacher=recorded"]) == ["seed=2"]
    assert own_defaults(["model@teacher=openai"]) == ["teacher.id=gpt-9", "seed=2"]
    assert config("model@teacher=recorded").seed == 2


def test_a_command_line_that_has_them_gets_them_no_second_time() -> None:
    user("model@teacher: openai\nteacher.id: gpt-9\n")
    project("seed: 2\n")
    once = arranged(["-m", "size=5"])
    assert once == ["-m", "model@teacher=openai", "teacher.id=gpt-9", "seed=2", "size='5'"]
    assert arranged(once) == once
    assert arranged(["-sc", "query=bash"]) == ["-sc", "query=bash"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tuner.rnak: 8\n", "tuner.rnak: no such setting. Did you mean tuner.rank?"),
        ("teecher: openai\n", "teecher: no such group or setting"),
        ("model@teacher: nope\n", "model@teacher=nope: no such choice. Expected "),
        ("method: token,fact\n", "method=token,fact: no such choice. Expected "),
        ("tuner.rank: lots\n", "tuner.rank: found 'lots', expected a valid integer"),
        ("seed: 0,1\n", "seed: found '0,1'"),
        ("teacher:\n  key: sk-abcdefgh1234567890abcdefgh\n", "teacher.key: found what looks like a key or a password"),
        ("- a\n", "expected settings as on the command line"),
        ("just words\n", "just words: expected the name of a setting or group"),
        ("5\n", "can't be read as settings"),
    ],
)
def test_a_fault_is_told_with_its_file(text: str, words: str) -> None:
    project(text)
    assert refusal("preview=true").startswith(f"experiment-runner.yaml: {words}")


def test_all_faults_of_a_file_and_of_the_command_are_told_together() -> None:
    project("method: nope\nsize: 77q\n")
    starts = [line.partition(": ")[0] for line in refusal("tuner.rank=-1", "recall=-5", "sede=1").splitlines()]
    assert starts == ["experiment-runner.yaml", "experiment-runner.yaml", "sede", "tuner.rank", "recall"]


def test_what_is_no_yaml_is_told_with_file_and_line_and_a_fault_of_the_command_without_a_file() -> None:
    user("seed: 1\nstore: [\n")
    assert "config/experiment-runner/config.yaml:3:1: not yaml" in refusal()
    user("tuner.rank: lots\n")
    assert refusal("tuner.rank=many", "preview=true").startswith("tuner.rank: found 'many'")


def test_the_command_prints_them_with_cfg_and_a_sweep_is_named_without_them(
    monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    project("store: /data/store\n")
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")  # set by the command, so that it is taken back
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["run.py", "--cfg", "job"])
    main()
    assert "store: /data/store" in capsys.readouterr().out
    hydra = OmegaConf.create({"runtime": {"config_sources": []}, "job": {"config_name": "config"}, "overrides": {"hydra": []}})
    hydra.overrides.task = ["store=/data/store", "size=1x,5x"]
    assert title(hydra) == "size=1x,5x"
