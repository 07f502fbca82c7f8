"""A ledger is one line, with the reasons."""

from runner.data.ledger_words import in_words
from runner.data.records import Ledger


def test_a_ledger_in_words_gives_the_reasons_and_how_often_was_asked_again() -> None:
    assert in_words(Ledger(stage="facts", requested=1, kept=1)) == "facts: 1 requested, 1 kept"
    ledger = Ledger(stage="pairs", requested=5, kept=2, filtered={"duplicate": 1}, failed={"cut off": 2, "empty": 0}, again=4)
    assert in_words(ledger) == "pairs: 5 requested, 2 kept (1 duplicate, 2 cut off, 4 times asked again)"
