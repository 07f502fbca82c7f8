"""Commands that read the store alone begin at once, whichever way the program is started."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from runner.commands import at_once, choose
from runner.commands.at_once import done_at_once
from tests.commands.swept import recorded

SLOW = ("hydra", "mlflow", "torch", "transformers", "numpy", "pydantic")


def test_an_option_names_a_command_that_gets_the_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Sequence[str]] = []
    monkeypatch.setattr(at_once, "COMMANDS", {"--status": calls.append})
    assert done_at_once(["store=a", "--status", "last"])
    assert not done_at_once(["-m", "size=1x,5x"])
    assert calls == [["store=a", "last"]]


def test_the_slow_way_does_them_too() -> None:
    assert at_once.COMMANDS.items() <= choose.COMMANDS.items()


def test_a_status_imports_nothing_that_is_slow(tmp_path: Path) -> None:
    with recorded(tmp_path, ["done", "running"]):
        words = [sys.executable, "-X", "importtime", "-m", "runner", "--status", f"store={tmp_path}"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=240)
    assert "runs: 1 running" in done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert imported & {*SLOW} == set()
    assert "runner" in imported
