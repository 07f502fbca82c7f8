"""Estimates in, sentences on their likely ranges out."""

from collections.abc import Iterable, Iterator
from math import isnan

from runner.comparison.words import cost, number
from runner.preview.estimate import SIDES, Estimate
from runner.spending.prices import Prices

NOTHING_KEPT = "It rests on the shipped recordings alone."
SAMPLE = 10  # sections
LABEL_SOME = (
    f" To know more, label a few sections first, by the same command with task=label corpus.sample={SAMPLE} and without "
    "preview=true; then preview the whole again. What was asked for the sample is not asked again."
)


def ranges(estimates: Iterable[Estimate], prices: Prices, sampled: bool = True) -> Iterator[str]:
    """Yield a sentence for each estimate that follows from guesses.

    `sampled` is True if fewer sections could be labelled first.
    """
    for estimate in estimates:
        if estimate.about and estimate.ranged:
            yield _range(estimate, prices, NOTHING_KEPT + (LABEL_SOME if sampled else ""))


def _range(estimate: Estimate, prices: Prices, nothing_kept: str) -> str:
    spreads = [guesses.spread() for guesses in estimate.ranged]
    factors = min(spread.low for spread in spreads), max(spread.high for spread in spreads)
    guessed, tokens = estimate.left.requests - estimate.certain, estimate.tokens()
    requests = _between(estimate.certain + factor * guessed for factor in factors)
    prompts, replies = (_between(factor * tokens[side] for factor in factors) for side in SIDES)
    usd, _ = estimate.usd(prices)
    paid = "" if isnan(usd) or not usd else f", {' to '.join(cost('usd', factor * usd) for factor in factors)}"
    known = min(spread.replies for spread in spreads)
    basis = f"It rests on {number(known)} replies that are kept." if known else nothing_kept
    return (
        f"{estimate.stage} {estimate.model} is likely to take {requests} requests, {prompts} tokens in and {replies} out{paid}. "
        f"{basis}"
    )


def _between(amounts: Iterable[float]) -> str:
    """Write amounts with the two digits that may be right."""
    return " to ".join(number(int(float(f"{amount:.2g}"))) for amount in amounts)
