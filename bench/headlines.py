"""Simulated sweeps: how often the first sentence of a recommendation claims what is not so."""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runner.comparison.compare import compare
from tests.comparison.given import trained, untrained

FACTS, EACH, CORRELATION = 30, 3, 0.3
SWEEPS = 200  # of each setting: half a minute
# True accuracies of the untuned model, of retrieval, and of two tuned arms; and the beginnings of sentences that are false then.
SETTINGS = {
    "all alike": ((0.4, 0.4, 0.4, 0.4), ("Use", "Take", "Prefer")),
    "retrieval alone is better": ((0.1, 0.6, 0.1, 0.1), ("Take", "Prefer")),
    "tuned as good as retrieval": (
        (0.1, 0.6, 0.6, 0.6),
        ("Use", "Take fact 1x: it is decidedly", "Take fact 5x: it is decidedly"),
    ),
    "tuned behind retrieval": ((0.0, 0.85, 0.2, 0.3), ("Stay", "Take fact 1x: it is decidedly", "Take fact 5x: it is decidedly")),
    "tuned is best": ((0.1, 0.4, 0.7, 0.8), ("Stay", "Use")),
}


def letters(accuracy: float, random: np.random.Generator) -> str:
    """Draw the grades of an exam whose questions on a fact go together."""
    fates, own = random.random(FACTS).repeat(EACH), random.random(FACTS * EACH)
    together = random.random(FACTS * EACH) < np.sqrt(CORRELATION)
    return "".join("+" if draw < accuracy else "-" for draw in np.where(together, fates, own))


def first_sentence(accuracies: tuple[float, ...], random: np.random.Generator) -> str:
    """Compare four arms of these accuracies."""
    base, rag, small, large = (letters(accuracy, random) for accuracy in accuracies)
    facts = "".join(chr(65 + number) * EACH for number in range(FACTS))
    arms = [untrained("base", base, facts=facts), untrained("rag", rag, facts=facts)]
    arms += [trained(size, grades, settings={"size": size}, facts=facts) for size, grades in (("1x", small), ("5x", large))]
    return compare(arms).advice[0].sentence


def main() -> None:
    """Simulate every setting, and print the share of false first sentences."""
    began, random = time.monotonic(), np.random.default_rng(0)
    for name, (accuracies, false) in SETTINGS.items():
        sentences = [first_sentence(accuracies, random) for _ in range(SWEEPS)]
        wrong = sum(sentence.startswith(false) for sentence in sentences) / SWEEPS
        print(f"{name:<28} {wrong:.1%} of first sentences are false", flush=True)
    print(f"{SWEEPS} sweeps each, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
