"""Blocks of a tagged PDF: a page with its tree of headings, lists and tables in, Markdown out."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from runner.corpus.readers.markdown_writing import code_block, prose, table
from runner.corpus.readers.pdf_cells import Cell, one_line, placed_cells
from runner.corpus.readers.pdf_tags import HEADING, Texts, within

if TYPE_CHECKING:
    from liteparse import ParsedPage, StructureTreeElement

    Elements = list[StructureTreeElement]

MOST_COLUMNS = 100  # that a cell may span
DEEPEST = 6  # levels of a heading in Markdown
_BLOCK = re.compile(rf"{HEADING.pattern}|P|L|LI|Table|Caption|TOCI|Note|BlockQuote")
_IN_ITEM = re.compile(r"L|Table")
_BULLET = re.compile(r"[^\w\s(\[<`\"']\s+")
_NUMBERED = re.compile(r"\w{1,3}[.)]\s")


def tagged_blocks(page: "ParsedPage") -> list[str]:
    """Return the blocks of a page in Markdown: its tagged text, between what has no tag in the margins."""
    texts = Texts(page)
    roots = page.structure_tree.roots if page.structure_tree else ()
    blocks = [prose(item.text) for item in texts.free if item.y < texts.top]
    blocks += [block for root in roots for block in _blocks(root, texts, -1)]
    blocks += [prose(item.text) for item in texts.free if item.y >= texts.top]
    return [block for block in blocks if block]


def _parted(element: "StructureTreeElement", stop: re.Pattern[str]) -> "tuple[Elements, Elements]":
    """Part an element into its text and blocks within."""
    texts, parts = [element], list["StructureTreeElement"]()
    for child in element.children:
        if stop.fullmatch(child.type):
            parts.append(child)
        else:
            deeper, within = _parted(child, stop)
            texts += deeper
            parts += within
    return texts, parts


def _blocks(element: "StructureTreeElement", texts: Texts, depth: int) -> Iterator[str]:
    """Yield each block of an element."""
    if element.type == "Table":
        yield from _table(element, texts)
    elif heading := HEADING.fullmatch(element.type):
        text = one_line(texts.take(within(element)))
        yield f"{'#' * min(int(heading[1] or 1), DEEPEST)} {text}" if text else ""
    elif element.type == "LI":
        whole, parts = _parted(element, _IN_ITEM)
        yield _item(one_line(texts.take(whole)), depth)
        yield from (block for part in parts for block in _blocks(part, texts, depth))
    elif element.type == "L" or not _BLOCK.fullmatch(element.type):
        yield from _contained(element, texts, depth + (element.type == "L"))
    else:
        whole, parts = _parted(element, _BLOCK)
        yield prose(one_line(texts.take(whole)))
        yield from (block for part in parts for block in _blocks(part, texts, depth))


def _contained(element: "StructureTreeElement", texts: Texts, depth: int) -> Iterator[str]:
    """Yield each block of a chapter or another container."""
    yield prose(one_line(texts.take([element])))
    for holds_blocks, group in groupby(element.children, key=_holds_blocks):
        children = list(group)
        if holds_blocks:
            yield from (block for child in children for block in _blocks(child, texts, depth))
            continue
        items = texts.take(part for child in children for part in within(child))
        if items and [child.type for child in children] == ["Code"]:
            yield "\n".join(code_block([item.text for item in items], ""))
        else:
            yield prose(one_line(items))


def _holds_blocks(element: "StructureTreeElement") -> bool:
    return any(_BLOCK.fullmatch(part.type) for part in within(element))


def _item(text: str, depth: int) -> str:
    text = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    return f"{'  ' * max(depth, 0)}{'' if _NUMBERED.match(text) else '- '}{text}" if text else ""


def _table(element: "StructureTreeElement", texts: Texts) -> Iterator[str]:
    """Yield the captions of a table, and its lines."""
    rows = [[Cell(texts.take(within(cell)), _span(cell)) for cell in row.children] for row in within(element) if row.type == "TR"]
    yield prose(one_line(texts.take(within(element))))
    if any(rows):
        header, *others = placed_cells(rows)
        yield "\n".join(table(header, others))


def _span(cell: "StructureTreeElement") -> int:
    span = cell.attributes.get("ColSpan", 1.0)
    return min(int(span), MOST_COLUMNS) if isinstance(span, float) else 1
