"""Stratified order: items of several categories in, an order out.

Every prefix of the order contains the categories in about their shares.
"""

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter
from typing import Protocol, TypeVar


class Categorised(Protocol):
    """An item that belongs to one category."""

    @property
    def category(self) -> str:
        """Name of the category."""


T = TypeVar("T", bound=Categorised)


def spread(items: Iterable[T]) -> list[T]:
    """Order items so that each category is spread evenly.

    The items of a category keep the order in which they are given.
    """
    items = list(items)
    sizes, ranks = Counter(item.category for item in items), Counter[str]()
    places = []
    for item in items:
        # The k-th of n items stands in the middle of the k-th of n equal parts of the line from 0 to 1. At the start of
        # its part instead, the first item of every category would stand at 0, and small categories would come too early.
        places.append((ranks[item.category] + 0.5) / sizes[item.category])
        ranks[item.category] += 1
    # The sort is stable: if two categories share a place, the given order decides.
    return [item for _, item in sorted(zip(places, items, strict=True), key=itemgetter(0))]
