"""Rough guesses: earlier replies in turn, or pairs where nothing was replied yet."""

import json

from runner.data.guesses import Guesses
from runner.preview.rough_guesses import RoughGuesses


def test_without_an_earlier_reply_pairs_are_guessed_that_methods_can_read_and_none_twice() -> None:
    guesses = RoughGuesses()
    pairs = [pair for _ in range(2) for pair in json.loads(guesses.guess("Write pairs."))]
    assert len({pair["question"] for pair in pairs}) == len(pairs) == 10
    assert {tuple(pair) for pair in pairs} == {("question", "answer")}


def test_earlier_replies_are_guessed_in_turn_whatever_is_asked() -> None:
    guesses = RoughGuesses()
    for reply in ("first", "second"):
        guesses.learn("Write pairs.", reply)
    assert sorted(guesses.guess(text) for text in "ab") == ["first", "second"]
    assert {guesses.guess(text) for text in "cdef"} == {"first", "second"}


def test_they_are_guesses_as_a_method_may_bring_them() -> None:
    assert isinstance(RoughGuesses(), Guesses)
