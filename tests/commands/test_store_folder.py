"""The store is the one that a run with the same words would use."""

from pathlib import Path

import pytest

from runner.commands.command_settings import command_settings
from runner.commands.store_folder import store_folder
from runner.errors import InvalidInput


@pytest.mark.parametrize("words", [[], ["store=mine"], ["store=~/mine"], ["store='the part'"], ["store=a", "store=b"]])
@pytest.mark.parametrize("own", ["", "store: ours\n"], ids=["shipped", "own"])
def test_it_is_that_of_a_run(words: list[str], own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNNER_STORE", str(tmp_path / "usual"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if own:
        (tmp_path / "experiment-runner.yaml").write_text(own)
    with command_settings(words) as config:
        expected = Path(config.store).expanduser().resolve()
    assert store_folder(words) == expected


def test_a_misspelt_setting_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match=r"stor: no such group or setting\. Did you mean store\?"):
        store_folder(["stor=a"])
