"""Counts of earlier replies in, likely counts out."""

from math import sqrt

from runner.data.guesses import LikelyRange

# Without earlier replies: how far teachers were from the shipped recordings, with what they thought first.
UNKNOWN = LikelyRange(0.5, 3.5, 0)
FEWEST = 3  # replies from which a spread is measured
OTHER = 0.1  # for what differs beyond the replies' own spread, such as duplicates


class Share:
    """The share of items that were taken in earlier replies."""

    def __init__(self, share: float) -> None:
        """Begin with a share that counts until something is learned."""
        # Fractions are carried over, so that over many short lists the total is right. 0.5 rounds the first one.
        self._first, self._pairs, self._carried = share, list[tuple[int, int]](), 0.5
        self._seen = self._taken = 0

    def __len__(self) -> int:
        """Return the number of earlier replies."""
        return len(self._pairs)

    def learn(self, seen: int, taken: int) -> None:
        """Note how many of some items were taken."""
        self._pairs.append((seen, taken))
        self._seen, self._taken = self._seen + seen, self._taken + taken

    def take(self, items: int) -> int:
        """Return how many of so many items are likely taken."""
        self._carried += items * (self._taken / self._seen if self._seen else self._first)
        whole = int(self._carried) if items else 0
        self._carried -= whole
        return whole

    @property
    def error(self) -> float:
        """Return the relative standard error of the share.

        It is that of a ratio of two sums (Cochran, Sampling Techniques, 6.4), and 0 where too little was learned.
        """
        if len(self) < FEWEST or not self._seen or not self._taken:
            return 0.0
        share = self._taken / self._seen
        variance = sum((taken - share * seen) ** 2 for seen, taken in self._pairs) / (len(self) - 1)
        return sqrt(len(self) * variance) / self._taken


def spread(*shares: Share) -> LikelyRange:
    """Return the spread of a product of shares.

    It rests on the replies of the first.
    """
    if len(shares[0]) < FEWEST:
        return UNKNOWN
    error = 2 * sqrt(sum(share.error**2 for share in shares)) + OTHER
    return LikelyRange(max(UNKNOWN.low, 1 - error), min(UNKNOWN.high, 1 + error), len(shares[0]))
