"""A comparison of logs in, its verdicts in words out."""

from runner.comparison import Advice, ArmPair, Comparison
from runner.comparison.words import chance, ends, number, points, ranged
from runner.statistics import Verdict


def sentences(comparison: Comparison) -> list[Advice]:
    """Compare each system with the base, losses first."""
    pairs = [pair for pair in comparison.pairs if pair.first == comparison.base and not pair.category]
    order = [Verdict.WORSE, Verdict.BETTER, Verdict.UNDECIDED]
    return [_sentence(comparison, pair) for pair in sorted(pairs, key=lambda pair: order.index(pair.verdict))]


def _sentence(comparison: Comparison, pair: ArmPair) -> Advice:
    difference = pair.difference
    gain = f"{points(difference.estimate)} points ({ends(difference)})"
    if difference.lacking:
        sentence = (
            f"{pair.second} and {pair.first}: too few clusters for a verdict, {number(difference.facts)} of at least "
            f"{number(difference.lacking)}. The difference on these items is {points(difference.estimate)} points."
            + _smaller(comparison)
        )
    elif pair.verdict == Verdict.UNDECIDED:
        sentence = f"It is not decided whether {pair.second} is better or worse than {pair.first}: {gain}. {_seen(pair)}"
    else:
        sentence = f"{pair.second} is decidedly {pair.verdict} than {pair.first}: {gain}."
    means = [f"{name}: {ranged(comparison.arm(name).accuracy)}" for name in (pair.second, pair.first)]
    return Advice(sentence=sentence, because=[*means, f"p {chance(pair.p)}, corrected for {pair.family}"])


def _smaller(comparison: Comparison) -> str:
    # The number that is needed grows with the items of a cluster.
    return " Smaller clusters need fewer: --cluster FIELD" if comparison.facts < comparison.questions else ""


def _seen(pair: ArmPair) -> str:
    if (least := pair.difference.detectable) is None:
        return "Logs of this size decide no difference four times in five."
    return f"Logs of this size decide a difference of {100 * least:.1f} points four times in five."
