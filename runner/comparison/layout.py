"""Print cells and sentences in a given width."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from runner.terminal.plain_text import PlainConsole, plain

WIDTH = 100  # columns at most, so that the output also fits into a document or an issue
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


def titled(first: Column, parts: Iterable[tuple[str, Sequence[Column]]], width: int) -> Iterator[tuple[str, list[Column]]]:
    """Split each part into tables that begin with `first`.

    Each part's title comes with its first table; a continued table has none.
    """
    for title, columns in parts:
        for number, group in enumerate(packed(first, columns, width)):
            yield "" if number else title, group


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


def terminal() -> Console:
    """Return the console that a comparison is printed to."""
    # A name may hold ":x:", which is no emoji. A notebook would get each line as an output of its own.
    console = PlainConsole(emoji=False, force_jupyter=False)
    # A pipe or a log has no width of its own.
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def write(console: Console, text: str, start: str = "", style: str = "") -> None:
    """Print a text, wrapped as `hanging` does."""
    for line in hanging(console, text, start):
        console.print(line, markup=False, style=style)


def write_tables(
    console: Console, tables: Iterable[tuple[str, Sequence[Column]]], legend: Mapping[str, str], bold: int | None = None
) -> None:
    """Print tables with titles, and the meaning of signs."""
    for title, columns in tables:
        if title:
            write(console, title, style="italic")
        console.print(table(columns, bold))
    for sign, meaning in legend.items():
        write(console, meaning, sign.ljust(max(map(len, legend)) + 2))


def write_notes(console: Console, notes: Sequence[str]) -> None:
    """Print the limits of the numbers, if there are any."""
    if notes:
        console.print()
    for note in notes:
        write(console, note, "- ")
