"""The version names the package, the commit of a clone and Python."""

import platform

import pytest

from runner.commands import version
from runner.commands.version import show_version
from runner.version import RELEASE


@pytest.mark.parametrize(("commit", "middle"), [("abc123", ", commit abc123"), ("", "")], ids=["clone", "installed"])
def test_the_version_is_printed_in_one_line(
    commit: str, middle: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(version, "commit", lambda: commit)
    show_version([])
    assert capsys.readouterr().out == f"experiment-runner {RELEASE}{middle}, Python {platform.python_version()}\n"
