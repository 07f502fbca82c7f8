"""Lay out cells and sentences in a given width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from runner.terminal.plain_text import plain

NAME, HEADING = 40, 16  # columns of the terminal that a name or a heading gets at most; longer ones are folded


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and its cells."""

    heading: str
    cells: Sequence[str]

    @property
    def width(self) -> int:
        """Number of columns of the terminal that it needs."""
        # A heading is folded, so that a long one does not widen its column. Of the cells, only names are long enough to be.
        return min(NAME, max(min(cell_len(self.heading), HEADING), *(cell_len(plain(cell)) for cell in self.cells), 1))


def fits(columns: Sequence[Column], width: int) -> bool:
    """Return True if one table can hold the columns."""
    # Beside its text, a cell has a space on either side and a line to its right.
    return 1 + sum(column.width + 3 for column in columns) <= width


def packed(first: Column, columns: Sequence[Column], width: int) -> Iterator[list[Column]]:
    """Split columns into tables that begin with `first`."""
    group: list[Column] = []
    for column in columns:
        if group and not fits([first, *group, column], width):
            yield [first, *group]
            group = []
        group.append(column)
    if group:
        yield [first, *group]


def table(columns: Sequence[Column], bold: int | None = None) -> Table:
    """Draw columns as one table; `bold` is the number of a row."""
    drawn = Table()
    for column in columns:
        # A folded text is complete. Rich's default would cut it, and two long names might then look the same.
        justify: Any = "left" if column is columns[0] else "right"
        drawn.add_column(escape(column.heading), justify=justify, max_width=column.width, overflow="fold")
    for row, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
        drawn.add_row(*map(escape, cells), style="bold" if row == bold else None)
    return drawn


def hanging(console: Console, text: str, start: str = "") -> list[str]:
    """Wrap a text to the console's width.

    `start` stands before its first line, and the other lines are indented by as much.
    """
    # textwrap counts a Chinese character as one column; a terminal gives it two.
    lines = Text(plain(text)).wrap(console, max(console.width - len(start), 20))
    return [(" " * len(start) if number else start) + line.plain.rstrip() for number, line in enumerate(lines)]
