"""A comparison in, what remedies against forgetting did out.

A remedy is a choice of the group `keep`, which an arm without one does not track. It is judged beside the arm that differs in it
alone and has none. It helped if it kept decidedly more of the general questions that the untuned model knew.
"""

from collections.abc import Iterator

from runner.comparison import Advice, Arm, ArmPair, Comparison
from runner.comparison.standing import gap, verdict
from runner.comparison.words import chance, ends, listed, percent, points
from runner.statistics import Verdict

ACCURACY = {
    Verdict.BETTER: "with a higher accuracy",
    Verdict.WORSE: "at the price of accuracy",
    Verdict.UNDECIDED: "with no decided change of accuracy",
}


def remedies(comparison: Comparison, taken: Arm) -> Iterator[Advice]:
    """Write which remedies of the sweep helped against forgetting."""
    arms = [arm for arm in comparison.arms if arm is taken or comparison.pair(taken.name, arm.name, kept=True)]
    plain = next((arm for arm in arms if "keep" not in arm.parameters), None)
    if not plain or len(arms) < 2:
        return
    others = [(arm, pair) for arm in arms if (pair := comparison.pair(plain.name, arm.name, kept=True))]
    helped = [arm for arm, pair in others if pair.verdict == Verdict.BETTER]
    reasons = [reason for arm, pair in others for reason in (_kept_gap(plain, arm, pair), gap(comparison, plain, arm))]
    if not helped:
        sentence = f"No remedy against forgetting that was tried keeps decidedly more than {plain.name}."
        yield Advice(sentence=sentence, because=reasons)
        return
    parts = []
    for change, words in ACCURACY.items():
        if names := [arm.name for arm in helped if verdict(comparison, plain, arm) == change]:
            parts.append(f"{listed(names)} {words}")
    best = max(helped, key=_share)
    yield Advice(
        sentence=f"Against forgetting helped, beside {plain.name}: {'; '.join(parts)}.",
        because=reasons,
        detail=f"{best.name} kept {percent(_share(best))}, {plain.name} {percent(_share(plain))}.",
    )


def _share(arm: Arm) -> float:
    return arm.retention.kept if arm.retention else 0.0


def _kept_gap(plain: Arm, arm: Arm, pair: ArmPair) -> str:
    """Write how much more an arm kept, with its test."""
    more = f"{points(pair.difference.estimate)} points ({ends(pair.difference)}), corrected p {chance(pair.p)}"
    return f"kept, {arm.name} minus {plain.name}: {more}: {pair.verdict}"
