"""runner-review: a local page on which experts review labels, exam questions and answers."""

import re
from dataclasses import dataclass

from runner.data.reviews import Item


@dataclass(frozen=True, kw_only=True)
class ItemDoubt:
    """A reason to look at an item first."""

    kind: str  # as the page's filter names it
    words: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item for review, with its origin and doubts."""

    item: Item
    origin: str = ""  # a teacher, a file, or the arms that gave the answer
    fact: str = ""
    asked_again: bool = False  # the teacher wrote it only when it was asked again
    grades: tuple[tuple[str, str], ...] = ()  # of an answer: each arm with its grade
    match: str = ""  # of an answer that a judge graded: the verdict of `match`
    doubts: tuple[ItemDoubt, ...] = ()

    @property
    def source(self) -> str:
        """Return the origin without lines of files, for the filter."""
        # Else each of 20,000 labels of a file would be a choice of its own.
        names = (re.sub(r":\d+$", "", name) for name in self.origin.split(", "))
        return ", ".join(dict.fromkeys(names))
