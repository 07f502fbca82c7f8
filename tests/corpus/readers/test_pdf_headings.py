"""Headings of a PDF without tags get levels by the size of their letters."""

from liteparse import LayoutBlock, ParsedPage, TextItem
from liteparse.types import AnnotationRect

from runner.corpus.readers.pdf_headings import body_size, untagged_blocks

TEXT = "It moves bytes between the core and the pins of the package."


def page(*blocks):
    """A page of blocks, each with its kind, its text and the size of its letters."""
    made, items = [], []
    for at, (kind, text, size) in enumerate(blocks):
        made.append(LayoutBlock(kind, text=text.strip("*"), bbox=AnnotationRect(50.0, 40.0 * at, 300.0, size)))
        items.append(TextItem(text, 50.0, 40.0 * at, 300.0, size, font_size=size))
    markdown = "\n\n".join(f"# {text}" if kind == "heading" else text for kind, text, _ in blocks)
    return ParsedPage(1, 600.0, 800.0, "", markdown=markdown, text_items=items, blocks=made)


def test_levels_follow_the_sizes_and_the_numbers_of_headings():
    made = page(("heading", "UART", 20.0), ("heading", "1 Pins", 14.0), ("heading", "1.1 Speed", 14.0), ("paragraph", TEXT, 10.0))
    assert untagged_blocks([made]) == [["# UART", "## 1 Pins", "### 1.1 Speed", TEXT]]


def test_a_large_line_that_was_taken_for_a_header_is_a_heading():
    pages = [page(("paragraph", f"Timer {number}", 20.0), ("paragraph", TEXT, 10.0)) for number in (1, 2)]
    assert untagged_blocks(pages) == [["# Timer 1", TEXT], ["# Timer 2", TEXT]]


def test_a_large_line_of_bold_letters_is_a_heading():
    made = page(("paragraph", "**Timer**", 20.0), ("heading", "Pins", 14.0), ("paragraph", f"**{TEXT}**", 10.0))
    assert untagged_blocks([made]) == [["# Timer", "## Pins", f"**{TEXT}**"]]


def test_numbers_and_lines_of_the_common_size_are_no_headings():
    made = page(("paragraph", "12", 30.0), ("paragraph", "Timer", 10.0), ("paragraph", TEXT, 10.0))
    assert untagged_blocks([made]) == [["12", "Timer", TEXT]]
    assert body_size([made]) == 10.0
