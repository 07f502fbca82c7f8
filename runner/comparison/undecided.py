"""A comparison in, what would decide more of it out."""

from math import ceil, inf, sqrt

from runner.comparison import Advice, Arm, ArmPair, Comparison
from runner.comparison.standing import untaken
from runner.comparison.words import number
from runner.statistics import Verdict

MOST = 20  # times as many questions: a difference that needs a larger exam is too small to look for


def undecided(comparison: Comparison, taken: Arm) -> list[Advice]:
    """Say what would decide the pairs that are not decided."""
    # A pair with an arm that can't be recommended need not be decided, nor one with an arm that has to be trained again.
    failed = untaken(comparison)
    others = [arm.name for arm in comparison.arms if arm is not taken and (arm.eligible or not arm.tuned) and arm not in failed]
    pairs = [pair for other in others if (pair := comparison.pair(other, taken.name)) and pair.verdict == Verdict.UNDECIDED]
    if not pairs:
        return []
    spread, trainings = taken.spread, len(taken.seeds)
    # The spread is that of single trainings, while the arm's accuracy is the mean of all of them.
    if spread and trainings and spread.training / sqrt(trainings) > spread.exam:
        mean = f"{_points(spread.training)} between trainings, so {_points(spread.training / sqrt(trainings))} for their mean"
        sentence = f"To decide more, train more often: seeds={2 * trainings}. Training is a larger source of doubt than the exam."
        reason = f"{taken.name}: standard deviation {mean}; {_points(spread.exam)} between exams"
        return [Advice(sentence=sentence, because=[reason])]
    factors = [_factor(pair) for pair in pairs]
    # The smallest of the numbers decides at least one more pair. Each reason says what its own pair needs.
    if enough := [ceil(factor * comparison.questions) for factor in factors if 1 < factor <= MOST]:
        sentence = f"To decide more, ask at least {number(min(enough))} questions instead of {number(comparison.questions)}."
    elif any(factor <= 1 for factor in factors):
        # The pair alone would have been decided: only the correction for many pairs stands in the way, or too few facts.
        sentence = "To decide more, ask about more facts, or compare fewer arms: p is corrected for their number."
    else:
        # Small differences were seen, which does not show that there are none.
        sentence = f"What is not decided differs so little here that {MOST} times as many questions would not confirm it."
    reasons = [_seen(pair, factor, comparison.questions) for pair, factor in zip(pairs, factors, strict=True)]
    return [Advice(sentence=sentence, because=reasons)]


def _factor(pair: ArmPair) -> float:
    """Compute how many times as many questions are needed.

    With so many, the exam would detect the pair's difference. The factor is 0 if there are too few facts to detect any
    difference, and infinite if there is no difference.
    """
    least, gap = pair.difference.detectable, abs(pair.difference.estimate)
    return 0 if least is None else (least / gap) ** 2 if gap else inf


def _seen(pair: ArmPair, factor: float, questions: int) -> str:
    """Say how far a pair's difference is from being detected."""
    least = pair.difference.detectable
    apart = f"{pair.first}: {_points(abs(pair.difference.estimate))} apart"
    if least is None:
        return f"{apart}, and the exam has too few facts to detect any difference"
    enough = f", so at least {number(ceil(factor * questions))} questions are needed" if 1 < factor <= MOST else ""
    return f"{apart}, {_points(least)} could be detected if it were the only pair{enough}"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
