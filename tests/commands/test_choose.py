"""The first word chooses another command than a run."""

from collections.abc import Sequence

import pytest

from runner.commands import choose
from runner.commands.choose import other_command


def test_the_first_word_names_a_command_that_gets_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Sequence[str]] = []
    monkeypatch.setattr(choose, "COMMANDS", {"runs": calls.append})
    assert other_command(["runs", "store=a", "b"])
    assert calls == [["store=a", "b"]]


@pytest.mark.parametrize("words", [[], ["size=5x"], ["size=5x", "--version"]])
def test_other_words_are_those_of_a_run(words: list[str]) -> None:
    assert not other_command(words)
