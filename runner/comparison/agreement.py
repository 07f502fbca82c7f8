"""A record of how far two graders agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.statistics import Interval

# Of 20 answers a grader must miss 8 for the bounds to lie below a floor of 80%. Then one that guesses is refused in 87% of the
# cases, and one just at the floor in 3%. Of 10 answers it would be 62% and 3%.
LEAST = 20


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Agreement of a grader with people or with another grader."""

    graders: str  # "judge and people", "judge and match"
    questions: int  # answers that both graded
    kappa: Interval | None  # Cohen's kappa, from -1 to 1; None if one of the two gave only one verdict
    only_first: int = 0  # answers that the first passes and the second fails
    only_second: int = 0
    share: Interval | None = None  # `agreed` with its bounds
    floor: float = 0  # the least share that is accepted
    parts: Mapping[str, "Agreement"] = field(default_factory=dict)  # by length of the answers, and by arm

    @property
    def agreed(self) -> float | None:
        """Share of the answers with the same verdict."""
        return 1 - (self.only_first + self.only_second) / self.questions if self.questions else None

    @property
    def enough(self) -> bool:
        """Return true if both graded enough answers."""
        return self.questions >= LEAST

    @property
    def below_floor(self) -> bool:
        """Return true if the share is surely below the floor."""
        return self.enough and self.share is not None and self.share.high < self.floor
