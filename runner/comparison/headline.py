"""A comparison in, the first sentences of its recommendation out.

They weigh every arm: retrieval and the untuned model too, and what tuning made the model forget. docs/statistics.md lists the
cases. The tests of headline.py show each of them with its sentence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from runner.comparison import Advice, Arm, Comparison
from runner.comparison.standing import (
    FELL,
    fall,
    forgot,
    gap,
    keeps_more,
    retrieval,
    shown_as_good,
    suitable,
    that,
    untaken,
    untuned,
    verdict,
)
from runner.comparison.words import listed, margin, number, percent, ranged
from runner.statistics import Verdict


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The first sentences, and what they leave to say."""

    advice: Sequence[Advice]
    arm: Arm | None  # the tuned arm that they lead to; None if none can be recommended or compared
    weighed: Arm | None = None  # a baseline of which they say all


def headline(comparison: Comparison) -> Headline:
    """Write the first sentences."""
    failed = untaken(comparison)
    if small := _too_small(comparison):
        return Headline(advice=[*_training(failed), *small], arm=None)
    good = suitable(comparison)
    # Nothing else matters as long as no training worked. Beside arms that did learn, it is one more thing to know.
    if good:
        choice = _choice(comparison, good)
        return replace(choice, advice=[*choice.advice, *_training(failed)])
    eligible = [arm for arm in comparison.arms if arm.eligible]
    others = [arm for arm in eligible if arm not in failed]
    foremost = max(others or eligible, key=lambda arm: arm.rank, default=None)
    rag = retrieval(comparison)
    behind = rag is not None and all(verdict(comparison, rag, arm) == Verdict.WORSE for arm in eligible)
    rest: list[Advice] = []
    if not foremost or any(untuned(comparison, arm) for arm in eligible):
        rest = [_without_tuning(comparison, eligible, foremost, behind)]
    # Otherwise nothing is known of the untuned model: a run that is compared alone, or without base in baseline.
    elif rag and behind:
        rest = [_behind(comparison, rag, foremost, eligible)]
    elif not failed:
        rest = [_nothing(eligible)]
    return Headline(
        advice=[*_training(failed), *rest],
        arm=foremost if others else None,
        weighed=rag if behind else None,
    )


def _too_small(comparison: Comparison) -> list[Advice]:
    """Say how many facts a verdict needs."""
    pairs = [pair for pair in comparison.pairs if not pair.category]
    needed = [pair.difference.lacking for pair in pairs if pair.difference.lacking]
    if not pairs or len(needed) < len(pairs):
        return []
    facts = max(pair.difference.facts for pair in pairs)
    return [
        Advice(
            sentence=f"This exam is too small for a verdict: it asks about {number(facts)} facts, and a verdict needs at least "
            f"{number(min(needed))}. Ask about more facts, and compare again.",
            because=[_known(arm) for arm in comparison.arms if arm.accuracy],
        )
    ]


def _choice(comparison: Comparison, good: Sequence[Arm]) -> Headline:
    """Weigh retrieval against the arms that beat the untuned model."""
    rag = retrieval(comparison)
    level = [arm for arm in good if not rag or verdict(comparison, rag, arm) != Verdict.WORSE]
    best = max(level or good, key=lambda arm: arm.rank)
    if rag and not level:
        return Headline(advice=[_behind(comparison, rag, best, good)], arm=best, weighed=rag)
    # What an arm forgot is decided. So it counts more than a lead in accuracy that is not.
    rivals = remembering = _rivals(comparison, best, level)
    unforgetful = [arm for arm in level if not forgot(arm)]
    if any(arm in rivals for arm in unforgetful):
        # Among them may be one that is decidedly worse than the best, and more accurate than those that are not.
        remembering = _rivals(comparison, max(unforgetful, key=lambda arm: arm.rank), unforgetful)
    less = [arm for arm in level if any(keeps_more(comparison, other, arm) for other in remembering)]
    remembering = [arm for arm in remembering if arm not in less] or rivals
    best = max(remembering, key=lambda arm: arm.rank)
    taken = max((arm for arm in remembering if shown_as_good(comparison, best, arm)), key=lambda arm: (-arm.labels, arm.rank))
    forgetful = [arm for arm in rivals if arm not in remembering and (forgot(arm) or arm in less)]
    why = _why(comparison, taken, best, level, forgetful)
    if rag and verdict(comparison, rag, taken) == Verdict.UNDECIDED:
        parts = [_beside(comparison, rag, taken), replace(why, sentence=f"Of the tuned arms, take {taken.name}: {why.sentence}")]
        return Headline(advice=parts, arm=taken, weighed=rag)
    # A loss belongs to the first sentence that a reader sees.
    ahead = rag is not None and verdict(comparison, rag, taken) == Verdict.BETTER
    over = f"it is decidedly better than {rag.name}, {_shares(taken, rag)}, and " if rag and ahead else ""
    return Headline(advice=[replace(why, sentence=f"Take {taken.name}: {over}{why.sentence}{_loss(taken)}")], arm=taken)


def _rivals(comparison: Comparison, best: Arm, arms: Sequence[Arm]) -> list[Arm]:
    """List the best arm and those not decidedly worse."""
    return [arm for arm in arms if arm is best or verdict(comparison, best, arm) not in (None, Verdict.WORSE)]


def _behind(comparison: Comparison, rag: Arm, best: Arm, good: Sequence[Arm]) -> Advice:
    """Say that retrieval is ahead of all tuned arms."""
    behind = all(verdict(comparison, rag, arm) == Verdict.WORSE for arm in comparison.arms if arm.eligible)
    which = f"every tuned arm{that(comparison, '' if behind else 'beats the untuned model')}"
    sentence = f"Use {rag.name}: it is decidedly better than {which}, {_shares(rag, best)} for the best of them, {best.name}."
    return Advice(sentence=sentence + _loss(best), because=[_known(rag), *(gap(comparison, rag, arm) for arm in good)])


def _beside(comparison: Comparison, rag: Arm, taken: Arm) -> Advice:
    """Say that retrieval and an arm can't be told apart."""
    pair = comparison.pair(rag.name, taken.name)
    apart = pair.difference.largest if pair else 1.0
    because = [_known(taken), _known(rag), gap(comparison, rag, taken)]
    shares = [f"{arm.name} at {percent(arm.accuracy.estimate if arm.accuracy else None)}" for arm in (taken, rag)]
    undecided = f"this exam does not decide which of them is more accurate, {' or '.join(shares)}"
    sentence = f"Take {taken.name} or {rag.name}: {undecided}."
    if forgot(taken):
        sentence = f"Prefer {rag.name} to {taken.name}: {undecided}, and {taken.name} {_forgotten(taken)}."
    return Advice(sentence=sentence, because=because, detail=f"Their accuracies may be up to {100 * apart:.1f} points apart.")


def _why(comparison: Comparison, taken: Arm, best: Arm, level: Sequence[Arm], forgetful: Sequence[Arm]) -> Advice:
    """Say why this tuned arm is taken."""
    alone = len(level) == 1
    condition = f"beat{'s' if alone else ''} the untuned model" if untuned(comparison, taken) else "can be recommended"
    which = that(comparison, condition)
    if len(level) < len(suitable(comparison)) and (rag := retrieval(comparison)):
        which += f" and that {rag.name} does not beat"  # decidedly, as all that is said here of better and worse
    fewer = [arm for arm in level if arm.labels < taken.labels and arm not in forgetful]
    if alone:
        reason = f"it is the only tuned arm{which}."
    elif taken is best:
        equal = [arm for arm in level if arm is not best and arm.rank[0] == best.rank[0] and arm not in forgetful]
        where = ", on the questions that were graded for every arm" if best.ranked_by else ""
        highest = f"the highest accuracy of the {'other ' if forgetful else ''}tuned arms{which}{where}."
        reason = f"it has {highest}"
        if equal:
            reason = f"{listed(['it', *(arm.name for arm in equal)])} have {highest}"
            reason += " It needs the fewest labels of them." if all(arm.labels > best.labels for arm in equal) else ""
        if fewer:
            reason += f" None with fewer labels is shown to be within {margin(comparison.margin)} of it."
    else:
        within = f"are shown to be at most {margin(comparison.margin)} worse than {best.name}, the most accurate"
        within += " of the others" if forgetful else ""
        reason = f"it has the fewest labels of the tuned arms{which} and {within}."
    if forgetful:
        names = listed([arm.name for arm in forgetful])
        reason += f" Left out, for what they made the model forget: {names}."
    # A reader sees what is given up for fewer labels.
    accuracies = [f"{_known(arm)} with {number(arm.labels)} labels" for arm in ([taken] if taken is best else [taken, best])]
    gaps = [gap(comparison, best, arm) for arm in (*fewer, taken) if arm is not best]
    accuracy = percent(taken.accuracy.estimate if taken.accuracy else None)
    return Advice(
        sentence=reason,
        because=[*accuracies, *gaps],
        detail=f"Accuracy: {accuracy} with {number(taken.labels)} labels.",
    )


def _without_tuning(comparison: Comparison, eligible: Sequence[Arm], foremost: Arm | None, behind: bool) -> Advice:
    """Weigh retrieval and the untuned model alone."""
    rag = retrieval(comparison)
    bases = untuned(comparison, rag) if rag else []
    gaps = [gap(comparison, base, arm) for arm in eligible for base in untuned(comparison, arm)]
    if not eligible:
        gaps = [_obstacle(arm) for arm in comparison.arms if arm.tuned]
    if rag and bases and all(verdict(comparison, base, rag) == Verdict.BETTER for base in bases):
        against = _shares(rag, bases[0])
        no_arm = f"no tuned arm{that(comparison)} is" if eligible else "no tuned arm can be recommended"
        sentence = f"Use {rag.name}: it is decidedly better than the untuned model, {against}, and {no_arm}."
        because = [_known(rag), *(gap(comparison, base, rag) for base in bases), *gaps]
        most = percent(max((arm.accuracy.estimate for arm in eligible if arm.accuracy), default=None))
        every = f"every tuned arm{that(comparison)}"
        detail = f"It is decidedly better than {every} too; the best of them reaches {most}." if most else ""
        gaps_to_rag = [gap(comparison, rag, arm) for arm in eligible]
        return Advice(sentence=sentence, because=[*because, *gaps_to_rag], detail=detail if behind else "")
    if not foremost:
        detail = f"{'; '.join(gaps)}." if gaps else ""
        return Advice(sentence="No tuned arm can be recommended.", because=gaps, detail=detail)
    first = [gap(comparison, base, foremost) for base in untuned(comparison, foremost)]
    which = f"neither {rag.name} nor any tuned arm" if rag and bases else "no tuned arm"
    sentence = f"Stay with the untuned model: {which}{that(comparison)} is decidedly better on this exam."
    return Advice(sentence=sentence, because=gaps, detail=f"{'; '.join(first)}.")


def _nothing(eligible: Sequence[Arm]) -> Advice:
    """Say that no tuned arm answers anything right."""
    return Advice(
        sentence="No tuned arm can be recommended: none answers a question of this exam right.",
        because=[_known(arm) for arm in eligible],
    )


def _training(failed: Sequence[Arm]) -> Iterable[Advice]:
    """Say which trainings did not take, and what to change."""
    if not failed:
        return
    names = listed([arm.name for arm in failed])
    recalled = [arm.coverage.trained.estimate for arm in failed if arm.coverage and arm.coverage.trained]
    falls = [fall(arm) for arm in failed]
    diverged = max(falls) > 1 and min(falls) > FELL
    # A rate at which few steps already cost what the model knew is high enough.
    kept = [f"{arm.name} {percent(arm.retention.kept)}" for arm in failed if arm.retention and forgot(arm)]
    more = "Raise tuner.epochs (or tuner.steps)" + ("" if kept else " or tuner.rate")
    change = "Lower tuner.rate" if diverged else more
    seen = "the training loss did not fall" if diverged else "the training loss hardly fell"
    if recalled:
        seen = f"asked again, {'it answers' if len(failed) == 1 else 'they answer'} at most {percent(max(recalled))} of the "
        seen += "questions of the training itself"
    lost = f" Of the general questions that the untuned model knew, they kept: {', '.join(kept)}." if kept else ""
    yield Advice(
        sentence=f"The training of {names} did not take: {seen}.{lost} {change}, and compare again.",
        because=[_course(arm) for arm in failed],
    )


def _course(arm: Arm) -> str:
    """Write how a training went."""
    steps = (
        f"{arm.name}: {number(len(arm.losses))} steps, loss {arm.losses[0]:.2f} to {arm.losses[-1]:.2f}"
        if arm.losses
        else arm.name
    )
    settings = [f"{name}={arm.parameters[name]}" for name in ("tuner.epochs", "tuner.rate") if name in arm.parameters]
    trained = arm.coverage.trained if arm.coverage else None
    return ", ".join([steps, *settings, *([f"training questions asked again: {ranged(trained)}"] if trained else [])])


def _obstacle(arm: Arm) -> str:
    """Say why an arm can't be recommended."""
    if arm.status != "FINISHED":
        return f"{arm.name}: {arm.status.lower()}"
    if not arm.accuracy or not arm.retention:
        return f"{arm.name}: no answer was graded"
    return f"{arm.name}: failed the gate, kept {percent(arm.retention.kept)}, but {percent(arm.retention.floor)} is asked for"


def _known(arm: Arm) -> str:
    return f"{arm.name}: {ranged(arm.accuracy)}"


def _shares(first: Arm, second: Arm) -> str:
    return " against ".join(percent(arm.accuracy.estimate if arm.accuracy else None) for arm in (first, second))


def _forgotten(arm: Arm) -> str:
    lost = percent(1 - arm.retention.kept) if arm.retention else ""
    return f"lost {lost} of the general questions that the untuned model knew"


def _loss(arm: Arm) -> str:
    return f" But {arm.name} {_forgotten(arm)}." if forgot(arm) else ""
