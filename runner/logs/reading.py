"""A file or folder in, its logs out.

The format is recognised by the content, since tools let their users choose the name.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.data.text_file import check_regular
from runner.errors import Fault, InvalidInput
from runner.logs import Choices, Log, inspect_ai, lm_eval, promptfoo, tables
from runner.logs.json_stream import parts
from runner.logs.lines import objects
from runner.logs.zip_members import Archive

FIRST = 1 << 22  # bytes of the first line that are looked at: a JSON log of gigabytes may be one line
EXPECTED = (
    "Expected a log of inspect_ai (.eval or .json), samples of lm-evaluation-harness (lm_eval --log_samples --output_path DIR), "
    "a result of promptfoo (promptfoo eval -o FILE.json), or a table (CSV, JSONL, Parquet) with the columns item and score"
)


def files(path: Path) -> list[Path]:
    """Return the logs of a folder, or the file itself."""
    if not path.is_dir():
        return [path]
    logs = lm_eval.files(path) or sorted(path.glob("*.eval"))
    if not logs:
        raise InvalidInput(f"{path}: the folder holds no samples_*.jsonl and no .eval file. {EXPECTED}")
    return logs


def opened(file: Path, choices: Choices) -> Log:
    """Open a log of any format; raise InvalidInput if it is none."""
    try:
        check_regular(file)
        with file.open("rb") as stream:
            start = stream.readline(FIRST)
    except Fault as fault:
        raise InvalidInput(str(fault)) from fault
    except OSError as error:
        raise InvalidInput(f"{file} can't be read ({error.strerror}). Check its permissions") from error
    if start.startswith(b"PK"):
        with Archive(file) as archive:
            known = inspect_ai.is_archive(archive.names)
        if known:
            return inspect_ai.log(file, choices, archived=True)
        raise InvalidInput(f"{file} is a zip archive, but no log of inspect_ai. {EXPECTED}")
    if start.startswith(b"PAR1"):
        return _parquet(file, choices)
    text = start.decode("utf-8-sig", "replace")
    if not text.lstrip().startswith("{"):
        return _csv(file, text, choices)
    line = _first_line(text)
    if line is None or {"eval", "samples", "results"} & line.keys():
        return _json(file, choices)
    if lm_eval.is_sample(line):
        return lm_eval.log(file, choices)
    if tables.is_table(line.keys()):
        return tables.log(file, lambda: objects(file), line.keys(), choices)
    raise InvalidInput(f"{file}: unknown objects with the fields {', '.join(line)}. {EXPECTED}")


def _json(file: Path, choices: Choices) -> Log:
    """Open a file that is one JSON object."""
    keys = []
    for key, _ in parts(file, ("samples",)):
        keys.append(key)
        if {"eval", "samples"} <= {*keys}:
            return inspect_ai.log(file, choices, archived=False)
        if key in ("evalId", "shareableUrl"):
            return promptfoo.log(file, choices)
        if key in ("config_general", "group_subtasks", "lm_eval_version"):
            raise InvalidInput(
                f"{file} is a summary of lm-evaluation-harness, without the single answers. Run it with --log_samples, and name "
                "the folder or samples_*.jsonl"
            )
    if {"eval", "version"} <= {*keys}:
        raise InvalidInput(f"{file} is a log of inspect_ai without samples. Run inspect without --no-log-samples")
    raise InvalidInput(f"{file}: unknown JSON with the fields {', '.join(dict.fromkeys(keys))}. {EXPECTED}")


def _csv(file: Path, text: str, choices: Choices) -> Log:
    line = text.splitlines()[0] if text else ""
    columns = next(csv.reader([line]), [])
    if not tables.is_table(columns):
        raise InvalidInput(f"{file}: its first line is {line[:60]!r}. {EXPECTED}")
    return tables.log(file, lambda: tables.csv_rows(file), columns, choices)


def _parquet(file: Path, choices: Choices) -> Log:
    from pyarrow import ArrowInvalid
    from pyarrow.parquet import read_schema

    try:
        columns = read_schema(file).names
    except (ArrowInvalid, OSError) as error:
        raise InvalidInput(f"{file} is damaged Parquet ({error}). Write it again") from error
    return tables.log(file, lambda: tables.parquet_rows(file), columns, choices)


def _first_line(text: str) -> Mapping[str, Any] | None:
    """Return the object on the first line; None if it goes on."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
