"""Guesses of documents: earlier replies in, likely ones out.

A forecast uses them instead of a teacher. A guess is as long as earlier replies were, in proportion to the section.
"""

import json

from runner.data.records import digest
from runner.data.templates import unfill

# The length of a reply in characters, as a share of its section's length, for each document. Quotes and braces are included.
USUAL = 1.1


class DocumentGuesses:
    """Guesses of documents for requests made from one template."""

    def __init__(self, template: str, documents: int) -> None:
        """Begin without any earlier reply.

        `documents` is how many documents one request asks for.
        """
        self.template, self.documents = template, documents
        self._read, self._written = 0, 0

    def knows(self, text: str) -> bool:
        """Return True for a request made from the template."""
        return unfill(self.template, text) is not None

    def learn(self, text: str, reply: str) -> None:
        """Note the lengths of a section and its reply."""
        if values := unfill(self.template, text):
            self._read, self._written = self._read + len(values["text"]), self._written + len(reply)

    def guess(self, text: str) -> str:
        """Return new documents of the usual length."""
        values = unfill(self.template, text) or {"text": text}
        share = self._written / self._read if self._read else USUAL * self.documents
        # A question of its own for each, since a repeated one would count as a duplicate.
        questions = [f"What does {digest([text, number])} state?" for number in range(self.documents)]
        form = json.dumps([{"question": question, "document": "-"} for question in questions])
        words = "word " * max(1, round((share * len(values["text"]) - len(form)) / self.documents / len("word ")))
        return json.dumps([{"question": question, "document": words} for question in questions])
