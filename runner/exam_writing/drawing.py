"""Sections in, their order in an exam out.

The order depends on no size: the facts of a smaller exam are the first ones of a larger exam.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

from runner.data.records import Section, digest
from runner.data.stratify import spread

T = TypeVar("T")


def drawn(sections: Iterable[Section], seed: int) -> list[Section]:
    """Order sections by chance, each category evenly spread."""
    # By a hash of each and not by a shuffle of all, so that a section that is added leaves the others in their order.
    return spread(sorted(sections, key=lambda section: digest([seed, section.id])))


def shuffled(texts: Iterable[str], seed: int) -> list[str]:
    """Order texts by chance."""
    return sorted(texts, key=lambda text: digest([seed, text]))


def in_turns(groups: Sequence[Sequence[T]]) -> Iterator[T]:
    """Yield all first items of groups, then all second ones."""
    for turn in zip_longest(*groups):
        yield from (item for item in turn if item is not None)
