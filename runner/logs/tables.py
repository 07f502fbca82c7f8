"""A table of scores in, its rows out: CSV, JSONL or Parquet.

The columns are item, system, score, cluster, trial and task. Only item and score must be there.
"""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput
from runner.logs import Choices, Log, Score, cluster_of, text

ITEM, SYSTEM, SCORE, CLUSTER, TRIAL, TASK = "item", "system", "score", "cluster", "trial", "task"

WORDS = {"true": 1.0, "pass": 1.0, "false": 0.0, "fail": 0.0}  # scores that are written as words
LONGEST_FIELD = 1 << 30  # characters; csv's own limit is 131,072, and an answer may be a whole conversation
EMPTY = {"", "none", "null", "nan", "na", "ungraded"}
Row = tuple[int, Mapping[str, Any]]  # the number of its line, and its fields


def is_table(columns: Collection[str]) -> bool:
    """Return True if a table of scores has these columns."""
    return ITEM in columns and len(columns) > 1


def log(file: Path, rows: Callable[[], Iterator[Row]], columns: Collection[str], choices: Choices) -> Log:
    """Open a table; raise InvalidInput if it lacks a column."""
    score = choices.score or SCORE
    wanted = Choices(cluster=choices.cluster or (CLUSTER if CLUSTER in columns else ""))
    if missing := sorted({ITEM, score} - set(columns)):
        raise InvalidInput(
            f"{file}: no column {', '.join(missing)}. It has {', '.join(columns)}. Expected item and score and, where known, "
            "system, cluster, trial and task. A score in another column: --score NAME"
        )
    system = None if SYSTEM in columns else ""
    return Log(tool="table", score=score, system=system, scores=lambda: _scores(file, rows, score, wanted))


def csv_rows(file: Path) -> Iterator[Row]:
    """Yield each row's line number and fields."""
    # The limit is one for the process, and tables among documents keep to the usual one.
    usual = csv.field_size_limit(LONGEST_FIELD)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            for row in reader:
                if None in row or None in row.values():
                    raise InvalidInput(f"{file}:{reader.line_num}: the row has more or fewer fields than the header")
                yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput(f"{file}:{reader.line_num}: not CSV in UTF-8 ({error})") from error
        finally:
            csv.field_size_limit(usual)


def parquet_rows(file: Path) -> Iterator[Row]:
    """Yield each row's number and fields."""
    # Imported here, since it takes a third of a second.
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    number = 0
    try:
        for batch in ParquetFile(file).iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (ArrowException, OSError) as error:
        raise InvalidInput(f"{file} is damaged Parquet ({error}). Write it again") from error


def _scores(file: Path, rows: Callable[[], Iterator[Row]], score: str, choices: Choices) -> Iterator[Score]:
    for number, row in rows():
        where = f"{file}:{number}"
        if (item := _text(row.get(ITEM))) == "":
            raise InvalidInput(f"{where}: no item. Expected a name or number in the column item")
        task = _text(row.get(TASK))
        yield Score(
            system=_text(row.get(SYSTEM)),
            task=task,
            # One item's name may stand in several tasks.
            item=f"{task}/{item}" if task else item,
            trial=_text(row.get(TRIAL)),
            value=_number(where, row.get(score)),
            cluster=cluster_of(where, row, choices),
            **{name: text(row.get(name)) for name in ("question", "reference", "answer")},
        )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _number(where: str, value: Any) -> float | None:
    word = _text(value).lower()
    if word in EMPTY:
        return None
    if word in WORDS:
        return WORDS[word]
    try:
        return float(word)
    except ValueError:
        raise InvalidInput(f"{where}: the score is {word[:60]!r}. Expected a number, or nothing where it is not graded") from None
