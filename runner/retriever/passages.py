"""Sections to the passages that are searched, and scores to the best of them."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from runner.data.records import Passage, Section

_BREAK = re.compile(r"(?<=[a-z0-9)\]\"'][.!?])\s+(?=[A-Z0-9\"'(\[])")  # after a word's end, not after an initial


def cut(sections: Sequence[Section], sentences: int) -> list[Passage]:
    """Windows of `sentences` sentences; whole sections where it is 0."""
    passages = []
    for section in sections:
        parts = _BREAK.split(" ".join(section.text.split())) if sentences else [section.text]
        step = sentences or 1
        passages += [Passage(section=section.id, text=" ".join(parts[at : at + step])) for at in range(0, len(parts), step)]
    return passages


def searchable(passages: Sequence[Passage], sections: Sequence[Section]) -> list[str]:
    """Each passage's text with its document's title and its heading before it."""
    about = {section.id: f"{section.title}, {section.heading}" for section in sections}
    return [f"{about[passage.section]}: {passage.text}" for passage in passages]


def best(passages: Sequence[Passage], scores: np.ndarray[Any, Any], count: int) -> list[tuple[Passage, ...]]:
    """For each row of scores, shape (questions, passages), the `count` highest, of equal ones the earlier first."""
    return [tuple(passages[at] for at in np.argsort(-row, kind="stable")[:count]) for row in scores]
