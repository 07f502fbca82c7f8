"""An order of labels in which every prefix holds the categories in about their shares; so that draws are nested."""

import warnings
from collections import Counter
from collections.abc import Sequence

from sklearn.model_selection import StratifiedKFold

from runner.records import Label


def stratified(labels: Sequence[Label], seed: int) -> list[Label]:
    """All labels, fold after fold of scikit-learn's StratifiedKFold; a prefix is off by less than one fold."""
    if len(labels) < 2:
        return list(labels)
    categories = [label.category for label in labels]
    folds = max(2, min(Counter(categories).values()))
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a category with one label
        return [labels[index] for _, fold in splitter.split(labels, categories) for index in fold]
