"""Records of estimates, each with its interval."""

from dataclasses import dataclass, replace
from enum import StrEnum


class About(StrEnum):
    """Scope of a difference."""

    METHODS = "methods"  # other trainings of the same methods are expected to show it too
    MODELS = "models"  # these models alone: how much another training would change it is not known


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with the bounds of its interval.

    The estimate is an accuracy from 0 to 1, or a kappa from -1 to 1.
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difference(Interval):
    """The second arm's accuracy minus the first arm's.

    The estimate lies between -1 and 1. `p` is the smallest error at which the interval excludes 0. `detectable` is the
    difference that an exam like this one calls four times in five; it is None if no difference is large enough. Interval and
    `detectable` are those at `error`.
    """

    p: float
    detectable: float | None
    error: float = 0.05
    about: About = About.MODELS
    facts: int = 0
    lacking: int | None = None  # the number of facts that a verdict needs, if the exam has fewer
    trainings: int | None = None  # of each arm that would decide it as it stands; None if unknown, or if none would
    hopeful: int | None = None  # of each arm that may decide it, if they move it by a standard deviation; None as above

    @property
    def largest(self) -> float:
        """Size of the largest difference that the interval holds."""
        return max(abs(self.low), abs(self.high))

    def within(self, margin: float) -> bool:
        """Return True if shown to be at most the margin."""
        return self.loses_at_most(margin) and self.turned().loses_at_most(margin)

    def loses_at_most(self, margin: float) -> bool:
        """Return True if it is shown of the second arm."""
        # As with a verdict: on too few facts, a rare large loss may not be in the exam.
        return self.lacking is None and self.low >= -margin

    def turned(self) -> "Difference":
        """Return the difference of the arms exchanged."""
        return replace(self, estimate=-self.estimate, low=-self.high, high=-self.low)
