"""A folder in, its general questions with written answers out."""

from pathlib import Path

from runner.data.records import digest
from runner.data.stratify import spread
from runner.data.tables import TableLine, TableRow, rows
from runner.data.text import normal
from runner.errors import Fault

NAME = "replay"  # of the table in its folder: replay.jsonl or replay.csv


class PairRow(TableRow):
    """A row of general questions with written answers."""

    id: str = ""  # decides the order; without it the question does


def pair_lines(folder: Path) -> list[TableLine[PairRow]]:
    """Read the lines of a folder's table; none if it has no table."""
    return rows(folder, NAME, PairRow) or []


def in_order(lines: list[TableLine[PairRow]]) -> tuple[tuple[str, str], ...]:
    """Return (question, answer) pairs; every prefix has about the same shares of subjects."""
    # Sorted by digest first: within a subject a file often goes from easy to hard or from theme to theme.
    chosen = spread(sorted((line.row for line in lines), key=lambda row: digest(row.id or normal(row.question))))
    return tuple((row.question, row.answer) for row in chosen)


def own_pairs(path: str) -> tuple[tuple[str, str], ...]:
    """Read the pairs of keep.path.

    Raise a Fault that names file and line if something cannot be used.
    """
    folder = Path(path).expanduser()
    if not (lines := pair_lines(folder) if folder.is_dir() else []):
        raise Fault(
            f"keep.path={path}: expected a folder with replay.jsonl or replay.csv, a line a general question with its answer: "
            '{"question": "...", "answer": "...", "category": "..."}'
        )
    return in_order(lines)
