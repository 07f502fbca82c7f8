"""Pool the variance between the trainings of several arms."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from runner.statistics.contrast import contrast
from runner.statistics.doubt import Pool, between_graded
from runner.statistics.grades import Grades


def pool(arms: Sequence[Grades], facts: NDArray[np.intp], error: float) -> Pool | None:
    """Average the variances between trainings over arms.

    Each arm counts by its degrees of freedom, trainings - 1. `error` is that of each family of tests. Returns None if no arm
    was trained several times.
    """
    # Compared with itself, an arm keeps the trainings and questions that were graded.
    pairs = [contrast(grades, grades, facts) for grades in arms if len(grades.values) > 1]
    repeated = [pair for pair in pairs if pair and len(pair.second) > 1]
    if not repeated:
        return None
    variances = [between_graded(pair.second, pair.numbers)[0] for pair in repeated]
    freedoms = [len(pair.second) - 1 for pair in repeated]
    variance = np.asarray(np.average(variances, weights=freedoms))
    return Pool(variance, len(repeated), np.asarray(float(sum(freedoms))), error)
