"""An order of labels in which every prefix holds the categories in about their shares; so that draws are nested."""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from sklearn.utils import shuffle

from runner.records import Label


def stratified(labels: Sequence[Label], seed: int) -> list[Label]:
    """All labels, those of each category shuffled and spread evenly from the first place to the last."""
    mixed: list[Label] = shuffle(list(labels), random_state=seed)
    sizes, ranks = Counter(label.category for label in mixed), Counter[str]()
    places = []
    for label in mixed:
        places.append((ranks[label.category] + 0.5) / sizes[label.category])
        ranks[label.category] += 1
    # the sort is stable: where two categories share a place, the shuffled order decides
    return [label for _, label in sorted(zip(places, mixed, strict=True), key=itemgetter(0))]
