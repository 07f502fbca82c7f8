"""The command that a report repeats is the one that was typed."""

import pytest
from hydra.types import RunMode
from omegaconf import OmegaConf

from runner.sweep.command import title, typed


def hydra(mode: RunMode, *task: str, own: tuple[str, ...] = (), folder: str = "", name: str = "config") -> object:
    sources = [{"path": "/conf", "provider": "main"}, *([{"path": folder, "provider": "command-line"}] if folder else [])]
    overrides = {"task": list(task), "hydra": [*own, f"hydra.mode={mode.name}"]}
    parts = {"runtime": {"config_sources": sources}, "overrides": overrides, "job": {"config_name": name}, "mode": mode}
    return OmegaConf.create(parts)


def test_a_command_has_its_options_and_what_a_shell_would_split_in_quotes() -> None:
    config = hydra(RunMode.MULTIRUN, "method=a,b", "corpus.purpose=Know it.", own=("hydra/launcher=ray",), folder="/my conf")
    assert typed(config) == "run.py -m --config-dir '/my conf' method=a,b 'corpus.purpose=Know it.' hydra/launcher=ray"
    assert title(config) == "--config-dir /my conf method=a,b corpus.purpose=Know it. hydra/launcher=ray"


def test_a_run_without_options_is_its_overrides_alone() -> None:
    assert typed(hydra(RunMode.RUN, "size=1x")) == "run.py size=1x"
    assert typed(hydra(RunMode.RUN, name="mine")) == "run.py --config-name mine"
    assert title(hydra(RunMode.MULTIRUN)) == "sweep"


def test_a_password_of_the_environment_stays_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "hunter2")
    override = "tracker.uri=postgresql://me:${oc.env:OURS}@host/runs"
    config = hydra(RunMode.MULTIRUN, override, own=("hydra.run.dir=${oc.env:OURS}",))
    assert [text for text in (typed(config), title(config)) if "hunter2" in text] == []
    assert "${oc.env:OURS}" in title(config)
