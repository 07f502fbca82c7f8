"""A section and item in, its text in parts out.

The parts that state the item's fact are marked.
"""

from collections.abc import Iterator
from itertools import pairwise

from runner.data.reviews import Item
from runner.data.sentences import sentence_ends
from runner.data.text import numeric
from runner.filter.supported import common, stems

MOST = 3  # sentences that are marked
Part = tuple[str, bool]  # a piece of the text; True if it is marked


def marked(text: str, item: Item, fact: str = "") -> list[Part]:
    """Part a text, and mark sentences that support an item.

    They are the sentences that hold most of the words of its answer, or of its question where the answer's are nowhere.
    """
    pieces = list(_pieces(text))
    words = [stems(piece) for piece in pieces]
    answer = item.reference or item.answer
    chosen: set[int] = set()
    for wanted in (_content(answer), _content(fact), _content(item.question)):
        if chosen := _covering(words, wanted, _content(f"{item.question} {fact}")):
            break
    parts: list[Part] = []
    for place, piece in enumerate(pieces):
        # Neighbours of one kind are one part.
        if parts and parts[-1][1] == (place in chosen):
            parts[-1] = (parts[-1][0] + piece, parts[-1][1])
        else:
            parts.append((piece, place in chosen))
    return parts


def _pieces(text: str) -> Iterator[str]:
    """Yield sentences and lines with the space behind them."""
    breaks = {place + 1 for place, letter in enumerate(text) if letter == "\n"}
    ends = sorted({0, len(text), *sentence_ends(text), *(end for end in breaks if end < len(text))})
    yield from (text[start:end] for start, end in pairwise(ends))


def _content(text: str) -> set[str]:
    words = stems(text)
    content = {word for word in words if numeric(word)} | (words - common())
    return content or words


def _covering(sentences: list[set[str]], wanted: set[str], beside: set[str]) -> set[int]:
    """Choose few sentences that hold most of the wanted words.

    Of sentences with as many of them, the one with more of the words `beside` is taken.
    """
    chosen, left = set[int](), set(wanted)
    while left and len(chosen) < MOST:
        place = max(range(len(sentences)), key=lambda at: (len(sentences[at] & left), len(sentences[at] & beside)), default=None)
        if place is None or not sentences[place] & left:
            break
        # One stray word of many is no support.
        if chosen and len(sentences[place] & left) * 4 < len(wanted):
            break
        chosen.add(place)
        left -= sentences[place]
    return chosen
