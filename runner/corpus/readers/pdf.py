"""PDF: a file in, the text of its pages as Markdown out."""

import atexit
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.data.text_file import check_regular
from runner.errors import Fault

if TYPE_CHECKING:
    from liteparse import LiteParse, ParsedPage

SECONDS = 600.0  # for one file
MOST_PAGES = 1_000_000  # by default liteparse reads 1,000 pages, and says nothing of the others
DEEPEST = 6  # levels of a heading in Markdown
FEWEST = 20  # characters a page: with less, the pages are pictures of text
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)\.?\s+\S")  # of a heading: 2.1 Timing
_HEADING = re.compile(r"#{1,6} ")


def read(file: Path, home: Path) -> Document:
    """Read a PDF.

    Text within pictures is not read. Raise a Fault if the file is encrypted or broken, or holds no text.
    """
    check_regular(file)
    with needed(file, "liteparse"):
        from liteparse import ParseError
    try:
        result = _parser().parse(str(file))
    except ParseError as error:
        raise Fault(f"{file} can't be read as PDF: {error}. Save it again, without a password, or leave it out") from error
    if sum(len(page.text.strip()) for page in result.pages) < FEWEST * len(result.pages):
        raise Fault(
            f"{file}: its pages hold no text ({len(result.pages)} pages), so they are likely pictures of text. Make the text "
            "readable by OCR, for example with ocrmypdf, or leave the file out"
        )
    levels = _levels(key for page in result.pages for key in _keys(page))
    lines: list[str] = []
    places = []
    for page in result.pages:
        text = _with_levels(page, levels)
        if lines and text and _goes_on(lines[-1], text[0]):
            # A paragraph that goes on belongs to the page on which it begins.
            lines[-1] += f" {text.pop(0)}"
        elif lines:
            lines.append("")
        places.append((len(lines), f"page {page.page_num}"))
        lines += text
    return Document(
        markdown="\n".join(lines),
        places=tuple(places),
        notes=tuple(f"{file.name}, page {fault.page_num} was not read: {fault.message}" for fault in result.page_errors),
    )


@cache
def _parser() -> "LiteParse":
    """Start a process that parses one file after the other."""
    from liteparse import LiteParse

    # A process of its own, since a hostile file may end it or keep it for ever. Without OCR, which would fetch its data.
    parser = LiteParse(
        ocr_enabled=False,
        output_format="markdown",
        image_mode="off",
        extract_links=False,
        extract_blocks=True,
        continue_on_page_error=True,
        quiet=True,
        max_pages=MOST_PAGES,
        pool_size=1,
        parse_timeout=SECONDS,
    )
    atexit.register(parser.close)
    return parser


def _keys(page: "ParsedPage") -> list[tuple[float, int]]:
    """Return size and number of each heading of a page.

    A larger heading comes first in the order of tuples, and 2 comes before 2.1.
    """
    keys = []
    for block in page.blocks or ():
        if block.kind == "heading" and block.text:
            top, bottom = block.bbox.y, block.bbox.y + block.bbox.height
            sizes = [item.font_size or 0.0 for item in page.text_items if top <= item.y + item.height / 2 <= bottom]
            number = _NUMBER.match(block.text)
            keys.append((-round(max(sizes, default=0.0), 1), number[1].count(".") if number else 0))
    return keys


def _levels(keys: Iterable[tuple[float, int]]) -> dict[tuple[float, int], int]:
    """Number the kinds of headings from the highest level on."""
    # liteparse gives headings of different sizes one level.
    return {key: min(level, DEEPEST) for level, key in enumerate(sorted(set(keys)), 1)}


def _with_levels(page: "ParsedPage", levels: Mapping[tuple[float, int], int]) -> list[str]:
    """Give the headings of a page their levels."""
    lines = (page.markdown or "").strip().split("\n")
    keys = iter(_keys(page))
    headings = [number for number, line in enumerate(lines) if _HEADING.match(line)]
    for number in headings:
        if key := next(keys, None):
            lines[number] = f"{'#' * levels[key]} {_HEADING.sub('', lines[number])}"
    return lines


def _goes_on(last: str, first: str) -> bool:
    """Return True if a paragraph goes on."""
    return bool(last[-1:].isalnum() or last[-1:] == ",") and first[:1].islower()
