"""Passages: sections in, searchable passages and the best of them out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from runner.data.long_text import Size, groups, split
from runner.data.records import Passage, Section
from runner.data.text import count

PassageTokens = Annotated[int, Field(ge=20)]  # of shorter passages, a title leaves only some words
VERSION = 1  # raised when the same sections are cut in another way


def cut(sections: Iterable[Section], sentences: int, tokens: int) -> Iterator[Passage]:
    """Cut sections into passages of `sentences` sentences.

    A row of a table, an item of a list and a block of code count as a sentence. With 0 a passage is a whole section. No passage
    has more than `tokens` tokens with the title and headings that stand before it, unless these fill most of it.
    """
    return (
        Passage(section=section.id, text=text, source=source(section))
        for section in sections
        for text in _texts(section.text, sentences, _room(source(section), tokens, count), count)
    )


def shortened(passages: Iterable[Passage], tokens: int, size: Size) -> Iterator[Passage]:
    """Split passages of more than `tokens` tokens of a model."""
    return (
        replace(passage, text=text)
        for passage in passages
        for text in (
            [passage.text]
            if size(searchable(passage)) <= tokens
            else split(passage.text, _room(passage.source, tokens, size), size)
        )
    )


def _texts(text: str, sentences: int, room: int, size: Size) -> Sequence[str]:
    if sentences:
        return list(groups(text, sentences, room, size))
    return [text] if size(text) <= room else list(split(text, room, size))


def _room(before: str, tokens: int, size: Size) -> int:
    """Return the tokens that a title leaves to a passage."""
    return max(tokens - size(f"{before}: "), tokens // 2)


def source(section: Section) -> str:
    """Return title and headings of a section."""
    same = section.heading == section.title or section.heading.startswith(f"{section.title} > ")
    return section.heading if same else f"{section.title} > {section.heading}"


def searchable(passage: Passage) -> str:
    """Put title and headings before a passage's text.

    A passage often names its subject only by a pronoun, or not at all; the headings say what it is about.
    """
    return f"{passage.source}: {passage.text}"


def best(passages: Sequence[Passage], scores: np.ndarray[Any, Any], count: int) -> tuple[Passage, ...]:
    """Return the `count` best passages by their scores.

    Of equal scores the earlier passage comes first.
    """
    # A stable sort of the negated scores; reversing an ascending one would put the later passage first.
    return tuple(passages[at] for at in np.argsort(-scores, kind="stable")[:count])
