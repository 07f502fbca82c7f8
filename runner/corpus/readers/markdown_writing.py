"""Markdown that readers write: values in, tables and sentences out."""

import re
from collections.abc import Iterator, Sequence

# A line of a file that begins like this would be taken for a heading, a code block or HTML.
_MARK = re.compile(r"^( {0,3})([#<`~])", re.MULTILINE)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(map(_cell, columns))} |"
    yield f"|{'---|' * len(columns)}"
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in rows)


def filled_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table without its empty columns."""
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    yield from table([columns[at] for at in kept], [[row[at] for at in kept] for row in rows])


def code_block(lines: Sequence[str], language: str) -> list[str]:
    """Return the lines of a fenced code block."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]


def flat(text: str) -> str:
    """Write a text on one line."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """Return a text on one line, with a full stop."""
    line = flat(text)
    return line if line.endswith((".", "!", "?")) else f"{line}."


def prose(text: str) -> str:
    """Escape what would be a heading, code block or HTML."""
    return _MARK.sub(r"\1\\\2", text)


def _cell(text: str) -> str:
    return flat(text).replace("|", "\\|")
