"""Names in, names that MLflow accepts out; and the length of a tag."""

import re
from collections.abc import Mapping
from itertools import count
from typing import TypeVar

T = TypeVar("T")

LONGEST_TAG = 5000  # characters of a value: every version and kind of store takes this many


def fitted(values: Mapping[str, T]) -> dict[str, T]:
    """Return the same values under names that MLflow accepts.

    If two names become the same, the later one is numbered.
    """
    fitted: dict[str, T] = {}
    for name, value in values.items():
        fit = _fit(name)
        free = (f"{fit} {number}" for number in count(2))
        fitted[fit if fit not in fitted else next(name for name in free if name not in fitted)] = value
    return fitted


def _fit(name: str) -> str:
    """Change a name to one that MLflow accepts.

    That is a path of at most 250 characters, without an empty part, of letters, digits, space and `_ - . :`.
    """
    # Quotes are removed and not replaced: Women's reads better as Womens than as Women_s.
    parts = (re.sub(r"[^\w\-. :]", "_", re.sub(r"['\"‘’“”]", "", part)).strip() for part in name.split("/"))
    return "/".join(part.replace("..", "__") if part.strip(".") else "_" for part in parts)[:250]
