"""A comparison in, what would decide more of it out."""

from collections.abc import Sequence
from math import sqrt

from runner.comparison import Advice, Arm, ArmPair, Comparison
from runner.comparison.larger_exam import LargerExam, hardest
from runner.comparison.standing import untaken
from runner.comparison.words import listed, margin, number, ranged
from runner.statistics import About, Verdict

# The detectable difference is about 1.4 times the reach of the interval, if the width hardly depends on chance.
NARROW = 1.7


def undecided(comparison: Comparison, taken: Arm) -> list[Advice]:
    """Say what would decide the pairs that are not decided."""
    # A pair with an arm that can't be recommended need not be decided, nor one with an arm that has to be trained again.
    failed = untaken(comparison)
    others = [arm.name for arm in comparison.arms if arm is not taken and (arm.eligible or not arm.tuned) and arm not in failed]
    pairs = [pair for other in others if (pair := comparison.pair(other, taken.name)) and pair.verdict == Verdict.UNDECIDED]
    # Only an interval shows that a difference is small. The observed difference alone does not.
    close = [pair for pair in pairs if pair.difference.within(comparison.margin)]
    far = [pair for pair in pairs if pair not in close]
    return [*(_close(comparison, close) if close else ()), *(_open(comparison, far, taken) if far else ())]


def _close(comparison: Comparison, pairs: Sequence[ArmPair]) -> list[Advice]:
    """Name the pairs whose difference is too small to matter."""
    names = listed([pair.first for pair in pairs])
    differ = "differs" if len(pairs) == 1 else "each differ"
    sentence = f"It is shown that {names} {differ} from {pairs[0].second} by at most {margin(comparison.margin)}."
    return [Advice(sentence=sentence, because=[_seen(pair) for pair in pairs])]


def _open(comparison: Comparison, pairs: Sequence[ArmPair], taken: Arm) -> list[Advice]:
    """Say whether trainings or questions would decide these pairs."""
    if alike := _all_alike(comparison):
        return alike
    spread, trainings = taken.spread, len(taken.seeds)
    # The spread is that of single trainings, while the arm's accuracy is the mean of all of them.
    if spread and trainings and spread.training / sqrt(trainings) > spread.exam:
        mean = f"{_points(spread.training)} between trainings, so {_points(spread.training / sqrt(trainings))} for their mean"
        more = f"most_seeds={2 * max(comparison.looks)}" if comparison.looks else f"seeds={2 * trainings}"
        sentence = f"To decide more, train more often: {more}. Training is a larger source of doubt than the exam."
        reason = f"{taken.name}: standard deviation {mean}; {_points(spread.exam)} between exams"
        return [Advice(sentence=sentence, because=[reason])]
    # A larger exam has to show not the observed difference, which chance made small or large, but the smallest that matters.
    exam = hardest([LargerExam.of(comparison, pair) for pair in pairs])
    if exam.facts is not None and exam.facts <= comparison.facts:
        # The arms of the pair alone would have been decided: chance, or the correction for many pairs, stands in the way.
        sentence = "To decide more, ask about more facts, or compare fewer arms: p is corrected for their number."
        return [Advice(sentence=sentence, because=[_seen(pair) for pair in pairs])]
    return [Advice(sentence=exam.sentence(), because=[*(_seen(pair) for pair in pairs), exam.basis()])]


def _all_alike(comparison: Comparison) -> list[Advice]:
    """Advise where all accuracies are 0, or all 1."""
    accuracies = {arm.accuracy.estimate for arm in comparison.arms if arm.accuracy}
    if accuracies == {0}:
        remedy = (
            "No arm answers a question of this exam right, so it tells none apart. Tune a larger model, or ask easier questions."
        )
    elif accuracies == {1}:
        remedy = "Every arm answers all questions of this exam right, so it tells none apart. Ask harder questions."
    else:
        return []
    known = [f"{arm.name}: {ranged(arm.accuracy)}" for arm in comparison.arms if arm.accuracy]
    return [Advice(sentence=remedy, because=known)]


def _seen(pair: ArmPair) -> str:
    """Write how far apart a pair may be."""
    least = pair.difference.detectable
    apart = f"{pair.first}: {_points(abs(pair.difference.estimate))} apart, at most {_points(pair.difference.largest)}"
    if lacking := pair.difference.lacking:
        return f"{apart}; the exam has {number(pair.difference.facts)} facts, and a verdict needs at least {number(lacking)}"
    if least is None:
        return f"{apart}; an exam like this one sees no difference, however large{_narrow(pair)}"
    return f"{apart}; a difference of {_points(least)} would be seen in four of five cases{_narrow(pair)}"


def _narrow(pair: ArmPair) -> str:
    """Say why an interval is narrow beside what is detectable."""
    difference = pair.difference
    reach = (difference.high - difference.low) / 2
    if difference.about == About.MODELS or (difference.detectable or 1) <= NARROW * reach:
        return ""
    return "; these trainings happen to differ little, and with so few of them most intervals are wider than this one"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
