"""Opposites leave no third state."""

import pytest

from runner.grader.opposites import opposite


@pytest.mark.parametrize(
    ("word", "other"),
    [("on", "off"), ("allowed", "forbidden"), ("passes", "failed"), ("nonvolatile", "volatile"), ("locked", "unlocked")],
)
def test_opposites_are_known_in_either_order(word: str, other: str) -> None:
    assert opposite(word, other)
    assert opposite(other, word)


@pytest.mark.parametrize(("word", "other"), [("on", "on"), ("full", "empty"), ("allowed", "permitted"), ("reset", "set")])
def test_other_words_are_no_opposites(word: str, other: str) -> None:
    assert not opposite(word, other)
