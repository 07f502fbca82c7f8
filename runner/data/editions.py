"""Questions in, the edition of their facts out.

The exam of a second edition marks its questions in the column `edition`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from runner.data.records import Question

EDITION = "edition"  # the column
WITHDRAWN = "withdrawn"  # documents no longer state the fact: its former answer is wrong by now
EDITIONS = ("old", "changed", "new", WITHDRAWN)


def check_edition(values: Mapping[str, Any]) -> None:
    """Raise a ValueError for an edition that is none."""
    # A misspelt one would be measured as an ordinary question, with an answer that is out of date.
    if (edition := values.get(EDITION, "old")) not in EDITIONS:
        raise ValueError(f"the column {EDITION!r} holds {edition!r}. Expected one of {', '.join(EDITIONS)}; or leave it out")


def is_withdrawn(question: Question) -> bool:
    """Return True if documents no longer state the fact."""
    return question.extra.get(EDITION) == WITHDRAWN


def apart(questions: Iterable[Question]) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Divide questions into those of today and withdrawn ones."""
    listed = tuple(questions)
    return tuple(each for each in listed if not is_withdrawn(each)), tuple(filter(is_withdrawn, listed))
