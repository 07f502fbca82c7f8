"""Further columns of a table, such as author or difficulty: checked, and as words."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from math import isfinite
from typing import Any

from runner.data.records import Extra, Label, Question
from runner.errors import Fault

# Names of tracked tables, which a further column would overwrite.
TAKEN = {"aliases", "answer", "around", "category", "fact", "grade", "id", "method", "origin", "passages", "position", "question"}
TAKEN |= {"graded_by", "judge_reply", "match_grade", "reference", "round", "section", "training"}
# Those of the table of dropped labels too.
TAKEN_OF_LABELS = TAKEN | {"detail", "filter", "reason"}


def check_columns(values: Mapping[str, Any], known: Iterable[str], taken: Collection[str] = TAKEN) -> None:
    """Raise a Fault for a column that can't be kept.

    `taken` are names that the results need.
    """
    names = list(known)
    for name, value in values.items():
        if name in names:
            continue
        # A misspelt column would otherwise be kept under its wrong name, and its values would count nowhere.
        if near := get_close_matches(name.strip().lower(), names, 1, 0.75):
            raise Fault(f"the column {name!r} looks like {near[0]!r}. Correct it, or give it a name that is less alike")
        if not name.strip() or name in taken:
            raise Fault(f"the column {name!r} has a name that the results need. Give it another name")
        if not _can_be_kept(name) or not _can_be_kept(value):
            raise Fault(f"the column {name!r} holds {value!r}. Expected text, a number, true or false; or leave it out")


def _can_be_kept(value: Any) -> bool:
    """Return True for what UTF-8 and JSON can hold."""
    if isinstance(value, str):
        # Half of a surrogate pair can't be written.
        return value.encode("utf-8", "ignore").decode() == value
    return isinstance(value, int) or (isinstance(value, float) and isfinite(value))  # a bool is an int


def words(extra: Extra) -> dict[str, str]:
    """Return the values as words: hard, 3, true."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in extra.items()}


def columns(records: Iterable[Question | Label]) -> list[str]:
    """Return the names of further columns, sorted."""
    return sorted({name for record in records for name in record.extra})


def label_rows(labels: Sequence[Label]) -> list[dict[str, Any]]:
    """Return labels as rows of a table, with further columns."""
    further = columns(labels)
    left_out = {"extra"} if any(label.around for label in labels) else {"extra", "around"}
    plain = [{name: value for name, value in asdict(label).items() if name not in left_out} for label in labels]
    return [row | cells(label, further) for row, label in zip(plain, labels, strict=True)]


def cells(record: Question | Label, names: Iterable[str]) -> dict[str, str]:
    """Return a record's cells of these columns; empty if not given."""
    return dict.fromkeys(names, "") | words(record.extra)
