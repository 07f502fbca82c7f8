"""Stratified order: labels in, the same labels in a random order out.

Every prefix has the categories in about their shares. Draws of several sizes take prefixes, so they are nested.
"""

from collections.abc import Sequence

from sklearn.utils import shuffle

from runner.data.records import Label
from runner.data.stratify import spread


def stratified(labels: Sequence[Label], seed: int) -> list[Label]:
    """Shuffle the labels and spread each category evenly."""
    # sklearn's shuffle gives the same order for a seed on every machine, and results depend on that order.
    return spread(shuffle(list(labels), random_state=seed))
