"""Contracts of what can be forecast: requests in, likely replies out."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Guesses(Protocol):
    """Likely replies of a model that is not asked. A class must have `learn` and `guess`."""

    # The replies that are kept are learned first, so that guesses can be as long as they are.
    def learn(self, text: str, reply: str) -> None:
        """Note an earlier request and the reply to it."""

    def guess(self, text: str) -> str:
        """Return a likely reply to a new request.

        Length and number of entries matter, since a forecast counts tokens and further requests; the content does not.
        """


@runtime_checkable
class Forecastable(Protocol):
    """A component whose requests can be forecast. A class must have `guesses`."""

    # Optional. Other components are forecast too, by the replies that are kept, or by pairs of usual length.
    def guesses(self) -> Guesses:
        """Return new guesses, which have learned nothing yet."""


@dataclass(frozen=True)
class LikelyRange:
    """A range for a forecast, as shares of it.

    A real run likely lies within. `replies` is how many kept replies it rests on.
    """

    low: float
    high: float
    replies: int


@runtime_checkable
class Ranged(Protocol):
    """Guesses that know how good they are. A class must have `spread`."""

    def spread(self) -> LikelyRange:
        """Return a range for what is guessed."""
