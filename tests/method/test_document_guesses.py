"""Guesses of documents are readable, new each time, and as long as earlier replies in proportion to their sections."""

import json

from runner.data.records import Reply
from runner.method.document_guesses import DocumentGuesses
from runner.method.forms import WrittenDocument
from runner.method.reading import read

TEMPLATE = "Rewrite: {text}\nBut not: {earlier}"
SECTION = "The pin is an input. " * 40


def test_a_guess_is_read_as_documents_with_questions_of_their_own():
    guesses = DocumentGuesses(TEMPLATE, 2)
    replies = [guesses.guess(f"Rewrite: {SECTION}\nBut not: {earlier}") for earlier in ("(none yet)", "- Q?")]
    entries = [entry for reply in replies for entry in read(Reply(text=reply), WrittenDocument).entries]
    assert len({entry.question for entry in entries}) == 4
    assert all(abs(len(reply) / (2.2 * len(SECTION)) - 1) < 0.05 for reply in replies)


def test_a_guess_has_the_length_of_earlier_replies_for_the_length_of_its_section():
    guesses = DocumentGuesses(TEMPLATE, 1)
    guesses.learn("Rewrite: " + "x" * 1000 + "\nBut not: (none yet)", json.dumps([{"question": "Q?", "document": "y" * 480}]))
    assert abs(len(guesses.guess(f"Rewrite: {SECTION}\nBut not: (none yet)")) - len(SECTION) / 2) < 30


def test_a_request_that_was_not_made_from_the_template_teaches_nothing_and_gets_a_guess():
    guesses = DocumentGuesses(TEMPLATE, 1)
    guesses.learn("That reply can't be read.", "[]")
    assert read(Reply(text=guesses.guess("That reply can't be read.")), WrittenDocument).entries
