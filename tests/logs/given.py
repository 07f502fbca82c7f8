"""Logs that the tools themselves wrote, and tables that a test writes.

The logs in data/ were written on 29 November 2026 by inspect_ai 0.3.285, lm-evaluation-harness 0.4.13 and promptfoo 0.121.20 on
Python 3.11 and Node 20. Each tool gave 90 questions of the shipped corpus to the embedded model (smollm2) and to two tunings of
it (fact-1x, fact-5x), over OpenAI's API. They are cut to six or nine questions about three facts, and to the fields that are
read, with those around them.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runner.logs import Choices, Score
from runner.logs.alignment import Systems, aligned
from runner.logs.gathering import LogPath, Logs, gather
from runner.logs.reading import files, opened

DATA = Path(__file__).parent / "data"
BASE, TUNED = DATA / "inspect_ai/smollm2.eval", DATA / "inspect_ai/fact-5x.eval"
Row = Mapping[str, Any]


def scores(path: Path, score: str = "", cluster: str = "") -> list[Score]:
    """Every score of a log."""
    choices = Choices(score=score, cluster=cluster)
    return [score for file in files(path) for score in opened(file, choices).scores()]


def table(file: Path, rows: Sequence[Row]) -> Path:
    """Write a CSV of these rows, and return it."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def lines(file: Path, rows: Iterable[Row]) -> Path:
    """Write a JSONL file of these objects, and return it."""
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def answers(system: str, grades: Sequence[object], **more: object) -> list[Row]:
    """A row for each grade, on the items 0, 1, ..."""
    return [{"item": item, "system": system, "score": grade, **more} for item, grade in enumerate(grades)]


def gathered(*paths: Path | str, **choices: str) -> Logs:
    """Read paths, or NAME=PATH, as the command does."""
    words = [str(path).rpartition("=") for path in paths]
    return gather([LogPath(name, Path(path)) for name, _, path in words], Choices(**choices))


def systems(*paths: Path | str, **choices: str) -> Systems:
    """Read paths, or NAME=PATH, and align them."""
    return aligned(gathered(*paths, **choices))
