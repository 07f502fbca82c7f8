"""Rankings in, their joined ranking out.

They are joined by reciprocal rank fusion (Cormack et al., SIGIR 2009).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence


def fused(rankings: Iterable[Sequence[int]], constant: int) -> list[int]:
    """Join rankings of places, each with the best place first.

    A place gets 1 / (constant + rank) from each ranking that holds it. Of equal sums the earlier place comes first.
    """
    sums: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            sums[place] += 1 / (constant + rank)
    return sorted(sums, key=lambda place: (-sums[place], place))
