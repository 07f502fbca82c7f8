"""Things of several categories, put in an order whose every prefix holds the categories in about their shares."""

from collections import Counter
from collections.abc import Iterable
from operator import itemgetter
from typing import Protocol, TypeVar


class Categorised(Protocol):
    """A thing that belongs to one category."""

    @property
    def category(self) -> str:
        """The category's name."""


T = TypeVar("T", bound=Categorised)


def spread(things: Iterable[T]) -> list[T]:
    """All things, those of each category in the order given and evenly from the first place to the last."""
    things = list(things)
    sizes, ranks = Counter(thing.category for thing in things), Counter[str]()
    places = []
    for thing in things:
        places.append((ranks[thing.category] + 0.5) / sizes[thing.category])
        ranks[thing.category] += 1
    # the sort is stable: where two categories share a place, the order given decides
    return [thing for _, thing in sorted(zip(places, things, strict=True), key=itemgetter(0))]
