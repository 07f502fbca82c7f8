"""Likely replies to requests of a method or grader that brings no guesses of its own."""

import json

# A reply that most methods and graders can read: pairs of usual length, in the shipped recordings' words.
PAIRS = json.dumps(
    [{"question": "In which country, and in what year, did competition 0 begin?", "answer": "Bergen in Norway."}] * 5
)


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
        return self._replies[self._guessed % len(self._replies)] if self._replies else PAIRS
