"""A comparison in, what its tests decide out."""

from collections.abc import Sequence
from math import isfinite
from statistics import fmean

from runner.comparison import Arm, Comparison
from runner.comparison.words import chance, ends, points
from runner.statistics import Verdict

LEARNED = 0.5  # of the training questions: whose interval lies below has not learned them
FELL = 0.75  # of the first losses: a training whose last losses are above has hardly begun
LARGE = 0.1  # of the general questions that the untuned model knew: a loss, or a gap between arms, that decides between arms


def untuned(comparison: Comparison, arm: Arm) -> list[Arm]:
    """Return the graded arms of the model that was tuned."""
    # A sweep may vary the model, or how it is asked. An untuned arm belongs to another one if all its settings agree.
    bases = [base for base in comparison.arms if base.kind == "base" and base.accuracy]
    return [base for base in bases if base.parameters.items() <= arm.parameters.items()]


def retrieval(comparison: Comparison) -> Arm | None:
    """Return the most accurate baseline beside the untuned model."""
    others = [arm for arm in comparison.arms if not arm.tuned and arm.kind != "base" and arm.accuracy]
    return max(others, key=lambda arm: arm.rank, default=None)


def verdict(comparison: Comparison, first: Arm, second: Arm) -> Verdict | None:
    """Return the verdict on the second arm, if any."""
    pair = comparison.pair(first.name, second.name)
    return pair.verdict if pair else None


def beats_untuned(comparison: Comparison, arm: Arm) -> bool:
    """Return True if an arm beats the untuned model.

    If the same training was done twice, both must be: otherwise chance decided. It is True too if no untuned model was graded.
    """
    same = [other for other in comparison.arms if other is arm or (arm.training and other.training == arm.training)]
    bases = untuned(comparison, arm)
    return all(verdict(comparison, base, each) == Verdict.BETTER for base in bases for each in same if each.accuracy)


def suitable(comparison: Comparison) -> list[Arm]:
    """List the tuned arms that may be recommended."""
    # Where no untuned model was graded, a training that did not take would pass for one that beats it.
    failed = untaken(comparison)
    able = [arm for arm in comparison.arms if arm.eligible and arm.rank[0] > 0 and arm not in failed]
    return [arm for arm in able if beats_untuned(comparison, arm)]


def that(comparison: Comparison, does: str = "") -> str:
    """Write the clause behind the tuned arms of a sentence.

    Arms that failed the gate are not weighed, however accurate they are. `does` is what else is true of the others.
    """
    gate = any(arm.tuned and arm.retention and not arm.retention.passed for arm in comparison.arms)
    conditions = [*(["passed the gate"] if gate else []), *([does] if does else [])]
    return f" that {' and '.join(conditions)}" if conditions else ""


def star(comparison: Comparison) -> str:
    """Return the most accurate tuned arm with a decided gain.

    It is returned by its name. No baseline is decidedly better than it. Returns "" if there is no such arm.
    """
    baselines = [arm for arm in comparison.arms if not arm.tuned]
    best = max(suitable(comparison), key=lambda arm: arm.rank, default=None)
    verdicts = [verdict(comparison, baseline, best) for baseline in baselines] if best else []
    return best.name if best and Verdict.BETTER in verdicts and Verdict.WORSE not in verdicts else ""


def untaken(comparison: Comparison) -> list[Arm]:
    """List the tuned arms whose training did not take.

    They do not know their own training questions, or their loss hardly fell; and they are not better than the untuned model.
    """
    graded = [arm for arm in comparison.arms if arm.tuned and arm.accuracy]
    return [arm for arm in graded if not _took(arm) and not (untuned(comparison, arm) and beats_untuned(comparison, arm))]


def _took(arm: Arm) -> bool:
    trained = arm.coverage.trained if arm.coverage else None
    # What it was asked says more than its loss: another tokenizer or a longer answer has another loss.
    # Of a few training questions no interval lies below one half. None answered is plain without one.
    return trained.estimate > 0 and trained.high >= LEARNED if trained else fall(arm) <= FELL


def fall(arm: Arm) -> float:
    """Return the last losses as a share of the first."""
    part = max(1, len(arm.losses) // 10)
    # Without losses, or with a single step, nothing is known. A training that diverged ends in a loss that is no number.
    if len(arm.losses) < 2:
        return 0.0
    first, last = fmean(arm.losses[:part]), fmean(arm.losses[-part:])
    return last / first if first and isfinite(last) else float("inf")


def shown_as_good(comparison: Comparison, best: Arm, arm: Arm) -> bool:
    """Return True if an arm loses at most the margin.

    It is the whole interval that must lie above: a difference that is not decided may be large.
    """
    pair = comparison.pair(best.name, arm.name)
    return arm is best or (pair is not None and pair.difference.loses_at_most(comparison.margin))


def forgot(arm: Arm) -> bool:
    """Return True if an arm decidedly lost much general knowledge."""
    kept = arm.retention
    return kept is not None and kept.verdict == Verdict.WORSE and 1 - kept.kept >= LARGE


def keeps_more(comparison: Comparison, arm: Arm, other: Arm) -> bool:
    """Return True if an arm decidedly keeps much more."""
    pair = comparison.pair(other.name, arm.name, kept=True)
    return pair is not None and pair.verdict == Verdict.BETTER and pair.difference.estimate >= LARGE


def gap(comparison: Comparison, first: Arm, second: Arm) -> str:
    """Write the difference of two arms with its test."""
    if not (pair := comparison.pair(first.name, second.name)):
        return f"{second.name} and {first.name}: no question is graded for both"
    gain = f"{points(pair.difference.estimate)} points ({ends(pair.difference)}), corrected p {chance(pair.p)}"
    return f"{second.name} minus {first.name}: {gain}: {pair.verdict}"


def trained_alike(comparison: Comparison) -> list[Sequence[Arm]]:
    """Group the arms that were trained alike."""
    groups: dict[str, list[Arm]] = {}
    for arm in comparison.arms:
        if arm.training and arm.accuracy:
            groups.setdefault(arm.training, []).append(arm)
    return [arms for arms in groups.values() if len(arms) > 1]
