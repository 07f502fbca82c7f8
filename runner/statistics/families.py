"""Decide a family of comparisons at one error rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from runner.statistics.contrast import Contrast


class Verdict(StrEnum):
    """Result of testing the second arm against the first."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "not decided"

    @property
    def opposite(self) -> "Verdict":
        """Return the verdict on the first arm."""
        return {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}.get(self, self)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A comparison's verdict in its family."""

    verdict: Verdict
    p: float  # corrected for the number of comparisons
    error: float  # at which the comparison was tested; the interval at this error agrees with the verdict


def decisions(contrasts: Sequence[Contrast], error: float) -> list[Decision]:
    """Decide each comparison of a family.

    Comparisons on too few facts are not tested and do not count. At most a share of `error` of all families holds a false
    call.
    """
    tested = [contrast for contrast in contrasts if not contrast.lacking]
    corrected = iter(holm([contrast.p for contrast in tested], error))
    decided = []
    for contrast in contrasts:
        p, level = (1.0, error) if contrast.lacking else next(corrected)
        verdict = Verdict.BETTER if contrast.estimate > 0 else Verdict.WORSE
        decided.append(Decision(verdict=verdict if contrast.p <= level else Verdict.UNDECIDED, p=p, error=level))
    return decided


def holm(chances: Sequence[float], error: float) -> list[tuple[float, float]]:
    """Correct p values for their number (Holm 1979).

    Returns, for each, the corrected p and the error at which it was tested. The smallest p is tested at the error divided by
    their number, the next at the error divided by one less, and so on, up to the first that is not below. All others are
    tested at that error too. So p is at most its error exactly where the corrected p is at most `error`.
    """
    results: dict[float, tuple[float, float]] = {}
    corrected, level, stopped = 0.0, error, False
    for place, p in enumerate(sorted(chances)):
        # Equal values are one result, whatever their order.
        if p in results:
            continue
        left = len(chances) - place
        corrected = max(corrected, min(1.0, p * left))
        level = level if stopped else error / left
        stopped = stopped or p > level
        results[p] = corrected, level
    return [results[p] for p in chances]
