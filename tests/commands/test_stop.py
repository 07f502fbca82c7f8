"""A sweep is asked to stop by a mark in its notes; tests/commands/test_status.py stops a real one."""

from pathlib import Path

import pytest

from runner.commands import stop
from runner.commands.stop import stop_sweep
from runner.errors import Fault
from tests.commands.swept import recorded

Capture = pytest.CaptureFixture[str]


def test_a_sweep_that_ended_gets_no_mark(tmp_path: Path, capsys: Capture) -> None:
    with recorded(tmp_path, ["done"], state="finished") as notes:
        stop_sweep([f"store={tmp_path}"])
        assert not notes.is_to_stop
    assert capsys.readouterr().out == "20310503-101500-aaaa is not at work: finished\n"


def test_a_sweep_that_goes_on_is_told_with_its_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "WAIT", 0.0)
    with recorded(tmp_path, ["done", "running"]) as notes:
        with pytest.raises(Fault, match="still at work after 0 s: process 11 on here, process 12 on here"):
            stop_sweep([f"store={tmp_path}"])
        assert notes.is_to_stop
