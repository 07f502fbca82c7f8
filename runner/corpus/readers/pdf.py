"""PDF: a file in, the text of its pages as Markdown out."""

import atexit
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.pdf_blocks import tagged_blocks
from runner.corpus.readers.pdf_headings import LARGE, body_size, untagged_blocks
from runner.corpus.readers.pdf_plain import in_order, plain_pages
from runner.corpus.readers.pdf_tags import Texts, has_tags, table_goes_on, well_tagged
from runner.corpus.readers.running_lines import Placed, without_running_lines
from runner.data.text_file import check_regular
from runner.errors import Fault

if TYPE_CHECKING:
    from liteparse import LiteParse, ParsedPage, ParseResult

SECONDS = 600.0  # for one file
MOST_PAGES = 1_000_000  # by default liteparse reads 1,000 pages, and says nothing of the others
LEAST = 0.99  # of the letters: with fewer, tags are not used
FEWEST = 20  # characters a page: with less, the pages are pictures of text


def read(file: Path, home: Path) -> Document:
    """Read a PDF.

    Text within pictures is not read. Raise a Fault if the file is encrypted or broken, or holds no text.
    """
    check_regular(file)
    with needed(file, "liteparse"):
        from liteparse import ParseError
    with needed(file, "pypdfium2"):
        import pypdfium2  # noqa: F401 - in another process
    try:
        result = _parser(tags=False).parse(str(file))
        with_tags = _parser(tags=True).parse(str(file)) if has_tags(result.pages) else result
    except ParseError as error:
        raise Fault(f"{file} can't be read as PDF: {error}. Save it again, without a password, or leave it out") from error
    if sum(len(page.text.strip()) for page in result.pages) < FEWEST * len(result.pages):
        raise Fault(
            f"{file}: its pages hold no text ({len(result.pages)} pages), so they are likely pictures of text. Make the text "
            "readable by OCR, for example with ocrmypdf, or leave the file out"
        )
    pages, blocks = _pages_with_blocks(file, result, with_tags)
    lines: list[str] = []
    places = []
    for page, kept in zip(pages, blocks, strict=True):
        text = "\n\n".join(kept).split("\n")
        if goes_on := _rows_only(lines, text, table_goes_on(page)):
            text = goes_on
        elif lines and text and _goes_on(lines[-1], text[0]):
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


def _pages_with_blocks(file: Path, result: "ParseResult", with_tags: "ParseResult") -> "tuple[list[ParsedPage], list[list[str]]]":
    """Return the pages and their blocks, by tags if possible."""
    # With the numbers of tags, liteparse leaves out what stands beyond the edge of a page, as wide tables do.
    tagged = well_tagged(with_tags.pages) and _letters(with_tags) >= LEAST * _letters(result)
    pages = with_tags.pages if tagged else result.pages
    blocks = [tagged_blocks(page) for page in pages] if tagged else _untagged(file, pages)
    small = LARGE * body_size(pages)  # letters of a header or footer
    margins = [
        [
            Placed(item.text, item.y / page.height)
            for item in (Texts(page).free if tagged else page.text_items)
            if (item.font_size or 0.0) < small
        ]
        for page in pages
    ]
    return pages, without_running_lines(blocks, margins)


@cache
def _parser(*, tags: bool) -> "LiteParse":
    """Start a process that parses one file after the other."""
    from liteparse import LiteParse

    # A process of its own, since a hostile file may end it or keep it for ever. Without OCR, which would fetch its data.
    parser = LiteParse(
        ocr_enabled=False,
        output_format="markdown",
        image_mode="off",
        extract_links=False,
        extract_blocks=True,
        extract_structure_tree=True,
        extract_text_metadata=tags,  # the numbers that the tree calls its texts by
        emit_word_boxes=tags,
        keep_headers_footers=True,  # else it leaves out headings at the tops of pages that are alike
        continue_on_page_error=True,
        quiet=True,
        max_pages=MOST_PAGES,
        pool_size=1,
        parse_timeout=SECONDS,
    )
    atexit.register(parser.close)
    return parser


def _untagged(file: Path, pages: "Sequence[ParsedPage]") -> list[list[str]]:
    """Return the blocks of pages without tags."""
    plain = dict(enumerate(plain_pages(file, SECONDS), 1))
    blocks = untagged_blocks(pages)
    return [in_order(parts, plain.get(page.page_num, "")) for page, parts in zip(pages, blocks, strict=True)]


def _letters(result: "ParseResult") -> int:
    return sum(len("".join(item.text.split())) for page in result.pages for item in page.text_items)


def _rows_only(lines: Sequence[str], text: Sequence[str], table_goes_on: bool) -> list[str] | None:
    """Drop the header of a table that began before.

    Return None if a page goes on with no table.
    """
    if not (lines and lines[-1].startswith("|") and len(text) > 2 and text[1].startswith("|--")):
        return None
    start = len(lines) - 1
    while start and lines[start - 1].startswith("|"):
        start -= 1
    if text[0] == lines[start]:
        return list(text[2:])
    return [text[0], *text[2:]] if table_goes_on else None


def _goes_on(last: str, first: str) -> bool:
    """Return True if a paragraph goes on."""
    return bool(last[-1:].isalnum() or last[-1:] == ",") and first[:1].islower()
