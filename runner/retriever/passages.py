"""Passages: sections in, searchable passages and the best of them out."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from runner.data.long_text import LONGEST, SENTENCE, split
from runner.data.records import Passage, Section


@runtime_checkable
class CutsText(Protocol):
    """A retriever that searches passages of `sentences` sentences."""

    @property
    def sentences(self) -> object:
        """Return the sentences of a passage."""


def cut(sections: Sequence[Section], sentences: int) -> list[Passage]:
    """Cut sections into passages of `sentences` sentences.

    With 0 a passage is a whole section. A passage of more than LONGEST characters is split.
    """
    return [
        Passage(section=section.id, text=text)
        for section in sections
        for start, end, whole in _wholes(section.text, sentences)
        for text in ([whole] if len(whole) <= LONGEST else split(section.text, start, end))
    ]


def cut_version(retriever: object, sections: Sequence[Section]) -> list[str]:
    """Return additional inputs of a stage that searches passages.

    Long passages were once kept whole. Only a search of sections that have some gets another key, so that all others are
    found in older stores.
    """
    sentences = retriever.sentences if isinstance(retriever, CutsText) else None
    # Of a class from outside this package, `sentences` may be something else.
    if not isinstance(sentences, int):
        return []
    texts = (section.text for section in sections if len(section.text) > LONGEST)
    long = any(len(whole) > LONGEST for text in texts for _, _, whole in _wholes(text, sentences))
    return ["long passages are split"] if long else []


def _wholes(text: str, sentences: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of each unsplit passage."""
    breaks = list(SENTENCE.finditer(text)) if sentences else []
    starts = [0, *(match.end() for match in breaks)]
    ends = [*(match.start() for match in breaks), len(text)]
    step = sentences or 1
    for start, end in zip(starts[::step], [*ends[step - 1 :: step], len(text)], strict=False):
        part = text[start:end]
        # Line breaks within a sentence are removed. A whole section keeps its lines, since they may be a list or code.
        yield start, end, " ".join(part.split()) if sentences else part


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
