"""Simulated exams on which few facts move: how often intervals hold the difference, and how much bounds by facts widen them."""

from itertools import product

import numpy as np
from simulated_exams import ERROR, Pairs

EXAMS, FACTS, QUESTIONS = 5000, (20, 40, 100, 300), (1, 3)
ONE_WAY = [(0, worse) for worse in (0.005, 0.01, 0.02, 0.04, 0.05, 0.1)]
TWO_WAYS = [(better, better + net) for better, net in product((0.01, 0.03, 0.1), (0.01, 0.03, 0.05))]
ERRORS = (ERROR, ERROR / 4, ERROR / 10)  # of one pair, and of the first of four and ten pairs


def row(facts: int, questions: int, moves: int, shares: tuple[float, float], random: np.random.Generator) -> str:
    """Measure one setting, in which each fact has so many independent moves, with these shares that are better and worse."""
    better, worse = shares
    draw = random.random((EXAMS, 1, facts, moves))
    before, after = draw < worse, (draw >= worse) & (draw < worse + better)
    arms = [right.sum(-1) * float(questions // moves) for right in (before, after)]
    pairs, cells, widths = Pairs(*arms, questions, np.full(EXAMS, better - worse)), [], []
    for error in ERRORS:
        rows = [pairs.ours(error, bounded) for bounded in (True, False)]
        holds = [100 * np.mean((low <= pairs.truth + 1e-9) & (pairs.truth - 1e-9 <= high)) for low, high in rows]
        cells.append(f"{holds[0]:>12.1f} ({holds[1]:.1f})")
        widths.append(np.divide(*(np.mean(high - low) for low, high in rows)))
    return "".join(cells) + f"{widths[0]:>8.2f}"


def main() -> None:
    """Measure every setting and print it."""
    random = np.random.default_rng(0)
    print("How often intervals at 95, 98.75 and 99.5% hold the difference, %; in brackets, without the bounds by moved facts;")
    print("and the width at 95%, as a multiple of that without these bounds")
    for facts, questions, shares in product(FACTS, QUESTIONS, ONE_WAY + TWO_WAYS):
        for name, moves in (("whole", 1), ("single questions", questions))[:questions]:
            exam = f"{facts:>4} facts of {questions}, {name:<16} {100 * shares[0]:>5.1f} better, {100 * shares[1]:>4.1f} worse"
            print(exam + row(facts, questions, moves, shares, random), flush=True)


if __name__ == "__main__":
    main()
