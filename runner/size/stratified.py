"""An order of labels in which every prefix holds the categories in about their shares; so that draws are nested."""

from collections.abc import Sequence

from sklearn.utils import shuffle

from runner.data.records import Label
from runner.data.stratify import spread


def stratified(labels: Sequence[Label], seed: int) -> list[Label]:
    """All labels, those of each category shuffled and spread evenly from the first place to the last."""
    return spread(shuffle(list(labels), random_state=seed))
