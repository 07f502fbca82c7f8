"""Headings of a PDF without tags: pages as liteparse reads them in, blocks of Markdown with heading levels out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liteparse import LayoutBlock, ParsedPage

LARGE = 1.2  # times the size of most letters: a heading
LONGEST = 200  # characters of such a heading
DEEPEST = 6  # levels of a heading in Markdown
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)\.?\s+\S")  # of a heading: 2.1 Timing
_HEADING = re.compile(r"#{1,6} ")


def untagged_blocks(pages: Sequence["ParsedPage"]) -> list[list[str]]:
    """Return the blocks of each page, with heading levels."""
    body = body_size(pages)
    levels = _levels(key for page in pages for key in _keys(page, body))
    return [_with_levels(page, levels, body) for page in pages]


def body_size(pages: Sequence["ParsedPage"]) -> float:
    """Return the size of most letters."""
    counts = Counter[float]()
    for page in pages:
        for item in page.text_items:
            counts[item.font_size or 0.0] += len(item.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _keys(page: "ParsedPage", body: float) -> list[tuple[float, int]]:
    """Return size and number of each heading of a page.

    A larger heading comes first in the order of tuples, and 2 comes before 2.1.
    """
    keys = []
    for block in page.blocks or ():
        if block.text and _is_heading(page, block, body):
            number = _NUMBER.match(block.text)
            keys.append((-round(max(_sizes(page, block), default=0.0), 1), number[1].count(".") if number else 0))
    return keys


def _is_heading(page: "ParsedPage", block: "LayoutBlock", body: float) -> bool:
    """Return True for a heading. liteparse takes one at the top of each page for a header, which has no large letters."""
    if block.kind != "paragraph":
        return bool(block.kind == "heading")
    short = len(block.text or "") <= LONGEST and any(letter.isalpha() for letter in block.text or "")
    return bool(short and min(_sizes(page, block), default=0.0) >= LARGE * body)


def _sizes(page: "ParsedPage", block: "LayoutBlock") -> list[float]:
    """Return the sizes of letters in a block."""
    top, bottom = (block.bbox.y, block.bbox.y + block.bbox.height) if block.bbox else (0.0, -1.0)
    return [item.font_size or 0.0 for item in page.text_items if top <= item.y + item.height / 2 <= bottom]


def _levels(keys: Iterable[tuple[float, int]]) -> dict[tuple[float, int], int]:
    """Number the kinds of headings from the highest level on."""
    # liteparse gives headings of different sizes one level.
    return {key: min(level, DEEPEST) for level, key in enumerate(sorted(set(keys)), 1)}


def _with_levels(page: "ParsedPage", levels: Mapping[tuple[float, int], int], body: float) -> list[str]:
    """Return the blocks of a page, with heading levels."""
    blocks = (page.markdown or "").strip().split("\n\n")
    titles = [block.text for block in page.blocks or () if block.kind == "paragraph" and _is_heading(page, block, body)]
    keys = iter(_keys(page, body))
    for at, block in enumerate(blocks):
        # A line of bold letters is written **so**, and not in the text of its block.
        if (bare := block.replace("**", "").strip("*")) in titles:
            block = f"# {bare}"
        lines = block.split("\n")
        for number, line in enumerate(lines):
            if _HEADING.match(line) and (key := next(keys, None)):
                lines[number] = f"{'#' * levels[key]} {_HEADING.sub('', line)}"
        blocks[at] = "\n".join(lines)
    return blocks
