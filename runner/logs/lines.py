"""A JSONL file in, its numbered objects out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.errors import InvalidInput


def objects(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's number and object, one at a time.

    Raise InvalidInput at a line that is no object.
    """
    # newline="\n": the text of an answer may hold other separators, such as U+2028.
    with file.open(encoding="utf-8-sig", newline="\n") as stream:
        number = 0
        try:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise ValueError("a value that is no object")
                    yield number, value
        except (ValueError, RecursionError) as error:  # of json and of UTF-8; brackets can nest without end
            raise InvalidInput(f"{file}:{number}: not a JSON object ({error}). Expected one object a line") from error
