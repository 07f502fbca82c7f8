"""Sheets: rows of cells in, text and a table out."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from runner.corpus.readers.markdown_writing import prose, table


def sheet(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a sheet.

    Rows before the table that fill one cell are text, and the first row after them names the columns. Rows and columns
    without a value are left out.
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    width = max(map(len, filled), default=0)
    titles = list(takewhile(lambda row: sum(map(bool, row)) == 1, filled))
    if len(titles) == len(filled):
        titles = titles[:0]  # a list, which is a table of one column
    for row in titles:
        yield from (prose("".join(row)), "")
    if cells := [[*row, *[""] * (width - len(row))] for row in filled[len(titles) :]]:
        kept = [at for at in range(width) if any(row[at] for row in cells)]
        header, *body = ([row[at] for at in kept] for row in cells)
        yield from table(header, body)
