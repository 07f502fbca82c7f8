"""Passages: sections in, searchable passages and the best of them out."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from runner.data.records import Passage, Section

# Between sentences. A capital before the full stop is an initial (J. Smith), not the end of a sentence.
_BREAK = re.compile(r"(?<=[a-z0-9)\]\"'][.!?])\s+(?=[A-Z0-9\"'(\[])")


def cut(sections: Sequence[Section], sentences: int) -> list[Passage]:
    """Cut sections into passages of `sentences` sentences.

    With 0 a passage is a whole section.
    """
    passages = []
    for section in sections:
        # Line breaks within a sentence are removed. A whole section keeps its lines, since they may be a list or code.
        parts = _BREAK.split(" ".join(section.text.split())) if sentences else [section.text]
        step = sentences or 1
        passages += [Passage(section=section.id, text=" ".join(parts[at : at + step])) for at in range(0, len(parts), step)]
    return passages


def searchable(passages: Sequence[Passage], sections: Sequence[Section]) -> list[str]:
    """Put title and heading before each passage's text.

    A single sentence often names its subject only by a pronoun; the title says what it is about.
    """
    about = {section.id: f"{section.title}, {section.heading}" for section in sections}
    return [f"{about[passage.section]}: {passage.text}" for passage in passages]


def best(passages: Sequence[Passage], scores: np.ndarray[Any, Any], count: int) -> list[tuple[Passage, ...]]:
    """Return the `count` best passages for each question.

    The scores have the shape (questions, passages). Of equal scores the earlier passage comes first.
    """
    # A stable sort of the negated scores; reversing an ascending one would put the later passage first.
    return [tuple(passages[at] for at in np.argsort(-row, kind="stable")[:count]) for row in scores]
