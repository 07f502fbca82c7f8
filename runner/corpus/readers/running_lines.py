"""Headers and footers: the texts and blocks of pages in, the blocks without those that repeat out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FEWEST = 3  # pages with the same line at the same height
MARGIN = 0.1  # of a page's height
DEPTH = 4  # blocks of a header or footer
_NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")


@dataclass(frozen=True)
class Placed:
    """A text at a height: 0 is the top of a page, 1 its bottom."""

    text: str
    height: float


def without_running_lines(pages: Sequence[Sequence[str]], texts: Sequence[Sequence[Placed]]) -> list[list[str]]:
    """Leave out blocks that repeat in margins of pages.

    Nothing is lost but numbers of pages: a line stays on the first page that has it, and so does the only heading of a page.
    """
    margins = [[text for text in page if not MARGIN < text.height < 1 - MARGIN] for page in texts]
    counts = Counter(key for number, page in enumerate(margins) for key in {key for text in page for key in _keys(text, number)})
    seen = set[tuple[str, ...]]()
    kept = []
    for number, (blocks, page) in enumerate(zip(pages, margins, strict=True)):
        running = [text for text in page if any(counts[key] >= FEWEST for key in _keys(text, number))]
        words = Counter(word for text in running for word in _words(text.text))
        blocks = _peeled(blocks, words, seen)
        kept.append(_peeled(blocks[::-1], words, seen)[::-1])
    return kept


def _peeled(blocks: Sequence[str], running: Counter[str], seen: set[tuple[str, ...]]) -> list[str]:
    """Leave out running lines at the beginning of blocks."""
    headings = sum(block.startswith("#") for block in blocks)
    stays = list[str]()
    for depth, block in enumerate(blocks):
        words = _words(block)
        if depth == DEPTH or depth == len(blocks) - 1 or not words or Counter(words) - running:
            return [*stays, *blocks[depth:]]
        numbered = tuple(word for word in words if not word.isdecimal())
        new = words not in seen if block.startswith("#") else numbered not in seen
        if new or (block.startswith("#") and headings == 1):
            stays.append(block)
        seen.update((words, numbered))
        running = running - Counter(words)  # a heading with the same words may follow
    return stays


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text))


def _keys(placed: Placed, page: int) -> Iterator[tuple[str, int]]:
    """Yield what is the same for lines that repeat: the text, or the text with the number of the page counted from it."""
    height = round(100 * placed.height)
    yield placed.text, height
    for number in _NUMBER.finditer(placed.text):
        yield f"{placed.text[: number.start()]}\0{int(number[0]) - page}\0{placed.text[number.end() :]}", height
