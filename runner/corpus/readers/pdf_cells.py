"""Cells of a PDF's tables: their texts and places in, rows of equal length out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runner.corpus.readers.markdown_writing import flat

if TYPE_CHECKING:
    from liteparse import TextItem

SAME_WORD = 0.1  # of the letters' size: a gap up to this stands within a word
SAME_EDGE = 1.0  # points: texts whose left ends differ by this are aligned


@dataclass
class Cell:
    """The texts of a cell that spans some columns."""

    items: "list[TextItem]"
    span: int = 1


def placed_cells(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return the texts of rows, each cell in its column."""
    columns = max(sum(cell.span for cell in row) for row in rows)
    whole = [row for row in rows if len(row) == columns]
    lefts = [min((item.x for row in whole for item in row[at].items), default=float("inf")) for at in range(columns)]
    return [_whole_row(row, lefts) if len(row) == columns else _short_row(row, lefts) for row in rows]


def _whole_row(row: Sequence[Cell], lefts: Sequence[float]) -> list[str]:
    """Return the texts of a row. Words that the parser took for those of the cell before go to their own."""
    cells = [list(cell.items) for cell in row]
    for at in range(len(cells) - 1):
        parts = [_split(item, lefts[at + 1] - SAME_EDGE) for item in cells[at]]
        if moved := [item for _, items in parts for item in items]:
            cells[at] = [item for items, _ in parts for item in items]
            cells[at + 1] = sorted([*moved, *cells[at + 1]], key=lambda item: (item.y, item.x))
    return [one_line(cell) for cell in cells]


def _short_row(row: Sequence[Cell], lefts: Sequence[float]) -> list[str]:
    """Return the texts of a row with fewer cells.

    One spans many rows or columns, or the row goes on from the page before.
    """
    texts = [""] * len(lefts)
    at = 0
    for number, cell in enumerate(row):
        left = min((item.x for item in cell.items), default=0.0) + SAME_EDGE
        rest = sum(later.span for later in row[number:])
        while at + rest < len(lefts) and lefts[at + 1] <= left:
            at += 1
        texts[at] = one_line(cell.items)
        at += cell.span
    return texts


def _split(item: "TextItem", left: float) -> "tuple[list[TextItem], list[TextItem]]":
    """Split a text into words before and behind a place."""
    before = [word for word in item.words if word.x < left]
    behind = item.words[len(before) :]
    if not before or not behind:
        return [item], []
    kept = replace(item, text=" ".join(word.text for word in before), words=before)
    moved = replace(item, text=" ".join(word.text for word in behind), words=behind, x=behind[0].x)
    return [kept], [moved]


def one_line(items: "Sequence[TextItem]") -> str:
    """Join texts to one line."""
    line = ""
    for at, item in enumerate(items):
        before = items[at - 1]
        if line.endswith("\N{SOFT HYPHEN}"):
            line = line[:-1]
        elif at and not _joined(before, item):
            line += " "
        line += item.text
    return flat(line)


def _joined(before: "TextItem", item: "TextItem") -> bool:
    """Return True if a text goes on within a word."""
    size = item.font_size or item.height
    if abs(item.y - before.y) < size / 2:
        return bool(abs(item.x - before.x - before.width) <= SAME_WORD * size)
    return bool(re.search(r"\w-$", before.text))
