"""Answers in, their mean length out.

It is counted in words, which are the same for every model, local or hosted. Tokens are not.
"""

from collections.abc import Sequence
from statistics import fmean

from runner.data.thinking import answer_aloud


def mean_words(answers: Sequence[str]) -> float | None:
    """Return the mean number of words, without thinking; None without answers."""
    return fmean(len(answer_aloud(answer).split()) for answer in answers) if answers else None
