"""Likely replies to requests of a method or grader that brings no guesses of its own."""

import json

PAIRS = 5  # in a reply, as in most replies of the shipped recordings


class RoughGuesses:
    """Guesses a reply by those that were given before, one after the other."""

    def __init__(self) -> None:
        """Begin without a reply."""
        self._replies: list[str] = []
        self._guessed = 0

    def learn(self, text: str, reply: str) -> None:
        """Note a reply that was given."""
        self._replies.append(reply)

    def guess(self, text: str) -> str:
        """Return the next earlier reply, or pairs where there is none."""
        self._guessed += 1
        return self._replies[self._guessed % len(self._replies)] if self._replies else self._pairs()

    def _pairs(self) -> str:
        """Write pairs of usual length, in the shipped recordings' words, which most methods and graders can read."""
        # Each number is used once, since equal training questions would be counted as one request.
        questions = (
            f"In which country, and in what year, did competition {number} begin?"
            for number in range((self._guessed - 1) * PAIRS, self._guessed * PAIRS)
        )
        return json.dumps([{"question": question, "answer": "Bergen in Norway."} for question in questions])
