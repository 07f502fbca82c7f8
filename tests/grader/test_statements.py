"""Statements answer yes/no questions."""

import pytest

from runner.grader.statements import asks_yes_or_no, stated

QUESTION = "Is the DMA channel disabled after reset?"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("Yes.", True),
        ("Yes - no channel is on.", True),
        ("No, it is enabled.", False),
        ("That is correct.", True),
        ("It is.", True),
        ("It isn't.", False),
        ("The DMA channel is disabled after reset.", True),
        ("The DMA channel is not disabled after reset.", False),
        ("The DMA channel is enabled after reset.", False),
        ("Ask the vendor.", None),
    ],
)
def test_an_answer_means_yes_or_no(answer: str, meaning: bool | None) -> None:
    assert stated(QUESTION, answer) is meaning


def test_questions_for_yes_or_no_are_told_from_others() -> None:
    assert asks_yes_or_no(QUESTION)
    assert not asks_yes_or_no("Which channel is disabled?")
    assert not asks_yes_or_no("Is it left or right?")
