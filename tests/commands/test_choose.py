"""An option chooses another command than a run."""

from collections.abc import Sequence

import pytest

from runner.commands import choose
from runner.commands.choose import other_command


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_option_names_a_command_that_gets_the_other_words(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    calls: list[Sequence[str]] = []
    monkeypatch.setattr(choose, "COMMANDS", {"--runs": calls.append})
    words = ["store=a", "b"]
    words.insert(place, "--runs")
    assert other_command(words)
    assert calls == [["store=a", "b"]]


@pytest.mark.parametrize("words", [[], ["size=5x"], ["--multirun", "size=5x"]])
def test_other_words_are_those_of_a_run(words: list[str]) -> None:
    assert not other_command(words)
