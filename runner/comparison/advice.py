"""A comparison to the recommendation: which arm to take, whether it reaches RAG, what it costs, what to measure next.

The rules, in order:

1. A tuned arm can be taken that finished, was graded, came through the gate, and is decidedly better than the untuned model,
   where that was graded. Where only the last is missing, the advice is to stay with the untuned model, and the most accurate
   arm is set beside the other baselines.
2. The best is the most accurate of these, of as accurate ones that with the fewest labels. Those that the paired test does not
   call worse than the best are as good as it, as far as this exam can tell; of them the one with the fewest labels is taken, and
   of as many the most accurate.
3. The arm is set beside each baseline: the verdict of their pair, with its interval.
4. Its retention is told where it was measured, and a remedy where a loss is decided.
5. Fact and token arms of one size are set beside each other, without a test: on how many facts they are right, and how even their
   accuracy over facts is.
6. For a pair that is not decided: as the width of an interval goes with the root of the number of questions, seeing its
   difference needs (detectable / difference) squared times as many; at least, for p is corrected for the number of pairs, and
   `detectable` is not. Where training leaves the arm's mean less certain than the exam does (standard deviation between
   trainings, over the root of their number), twice as many trainings are named in place of more questions.
"""

from collections.abc import Sequence
from math import ceil, inf, sqrt

from runner.comparison import Advice, Arm, Comparison, Pair
from runner.comparison.words import chance, ends, number, percent, points, ranged
from runner.statistics import Verdict

MOST = 20  # times as many questions: beyond it a difference is too small to be looked for


def advice(comparison: Comparison) -> list[Advice]:
    """Sentences with the numbers that each rests on; one that says so where there is nothing to advise on."""
    through = [arm for arm in comparison.arms if arm.through]
    if not through:
        lacks = [_lack(arm) for arm in comparison.arms if arm.tuned]
        return [Advice(sentence="No tuned arm can be recommended.", because=lacks)]
    able = [arm for arm in through if _beats(comparison, arm)]
    baselines = [arm for arm in comparison.arms if not arm.tuned]
    if not able:
        gaps = [_gap(comparison, base, arm) for arm in through for base in _untuned(comparison, arm)]
        stay = Advice(sentence="Stay with the untuned model: no tuned arm is decidedly better on this exam.", because=gaps)
        foremost = max(through, key=lambda arm: arm.standing)
        others = [one for other in baselines if other.kind != "base" for one in _beside(comparison, foremost, other)]
        return [stay, *others, *_next(comparison, foremost)]
    best = max(able, key=lambda arm: arm.standing)
    taken = max((arm for arm in able if _keeps_up(comparison, best, arm)), key=lambda arm: (-arm.labels, arm.standing))
    return [
        _take(comparison, taken, best, able),
        *(one for baseline in baselines for one in _beside(comparison, taken, baseline)),
        *_retained(taken),
        *_evenness(comparison),
        *_next(comparison, taken),
    ]


def _lack(arm: Arm) -> str:
    if arm.status != "FINISHED":
        return f"{arm.name}: {arm.status.lower()}"
    if not arm.accuracy or not arm.retention:
        return f"{arm.name}: no answer was graded"
    return f"{arm.name}: failed the gate, kept {percent(arm.retention.kept)} where {percent(arm.retention.floor)} is asked for"


def _untuned(comparison: Comparison, arm: Arm) -> list[Arm]:
    """The graded arms of the model that this one was tuned from; several where a sweep varies how it is asked."""
    bases = [base for base in comparison.arms if base.kind == "base" and base.accuracy]
    return [base for base in bases if base.parameters.items() <= arm.parameters.items()]


def _beats(comparison: Comparison, arm: Arm) -> bool:
    pairs = [comparison.pair(base.name, arm.name) for base in _untuned(comparison, arm)]
    return all(pair is not None and pair.verdict == Verdict.BETTER for pair in pairs)


def _keeps_up(comparison: Comparison, best: Arm, arm: Arm) -> bool:
    pair = comparison.pair(best.name, arm.name)
    return arm is best or (pair is not None and pair.verdict != Verdict.WORSE)


def _take(comparison: Comparison, taken: Arm, best: Arm, able: Sequence[Arm]) -> Advice:
    tested = bool(_untuned(comparison, taken))
    fewer = [arm for arm in able if arm.labels < taken.labels]
    if len(able) == 1:
        reason = f"it is the only tuned arm that {'beats the untuned model' if tested else 'can be taken'}"
    elif taken is best:
        rest = ", and none with fewer labels is as good, as far as this exam can tell" if fewer else ""
        reason = f"of the tuned arms{' that beat the untuned model' if tested else ''} it is the most accurate{rest}"
    else:
        those = f"{'beat the untuned model and ' if tested else ''}are not decidedly worse than the most accurate, {best.name}"
        reason = f"of the tuned arms that {those}, it has the fewest labels"
    told = [taken] if taken is best else [taken, best]
    numbers = [f"{arm.name}: {ranged(arm.accuracy)} with {number(arm.labels)} labels" for arm in told]
    gaps = [_gap(comparison, best, arm) for arm in (*fewer, taken) if arm is not best]
    return Advice(sentence=f"Take {taken.name}: {reason}.", because=[*numbers, *gaps])


def _beside(comparison: Comparison, taken: Arm, baseline: Arm) -> list[Advice]:
    words = {
        Verdict.BETTER: f"{taken.name} beats {baseline.name}.",
        Verdict.WORSE: f"{taken.name} does not reach {baseline.name}.",
        Verdict.UNDECIDED: f"Whether {taken.name} reaches {baseline.name} is not decided.",
    }
    pair = comparison.pair(baseline.name, taken.name)
    numbers = [f"{baseline.name}: {ranged(baseline.accuracy)}", _gap(comparison, baseline, taken)]
    return [Advice(sentence=words[pair.verdict], because=numbers)] if pair else []


def _retained(taken: Arm) -> list[Advice]:
    if not (found := taken.retention):
        return []
    numbers = [
        f"general questions: {ranged(found.before)} before, {ranged(found.after)} after, p {chance(found.difference.p)}",
        f"{number(found.lost)} of {number(found.known)} known ones lost, {number(found.gained)} others gained",
    ]
    if found.perplexity_before and found.perplexity_after:
        numbers.append(f"perplexity of a page: {found.perplexity_before:.1f} before, {found.perplexity_after:.1f} after")
    if found.verdict != Verdict.WORSE:
        sentence = f"On general questions {taken.name} is not decidedly worse than the untuned model."
        return [Advice(sentence=sentence, because=numbers)]
    remedies = " Remedies to try: tuner.replay (general pairs in training), a lower tuner.rate, fewer epochs."
    lost = f"{taken.name} lost {percent(1 - found.kept)} of the general questions that the untuned model knew."
    return [Advice(sentence=lost if found.replay else lost + remedies, because=numbers)]


def _evenness(comparison: Comparison) -> list[Advice]:
    """Fact beside token labels at each size that both have: the paper's claim that facts cover more evenly."""
    covered = {arm.name: (arm.size, arm.coverage) for arm in comparison.arms if arm.tuned and arm.coverage}
    facts = [arm.name for arm in comparison.arms if arm.name in covered and arm.method == "fact"]
    both = [(*covered[name], covered[other][1]) for name in facts if (other := name.replace("fact", "token", 1)) in covered]
    if not both:
        return []
    numbers = [
        f"{size}: right at least once on {fact.answered} of {fact.examined} facts against {token.answered} of {token.examined}, "
        f"deviation of the accuracy over facts {fact.unevenness:.2f} against {token.unevenness:.2f}"
        for size, fact, token in both
    ]
    ahead = any(fact.answered > token.answered for _, fact, token in both)
    behind = any(fact.answered < token.answered for _, fact, token in both)
    words = {
        (True, False): "more facts than on token labels",
        (False, True): "fewer facts than on token labels",
        (True, True): "more facts than on token labels at one size, on fewer at another",
        (False, False): "as many facts as on token labels",
    }
    return [
        Advice(
            sentence=f"Trained on fact labels, arms are right on {words[ahead, behind]}: counted, not tested.", because=numbers
        )
    ]


def _next(comparison: Comparison, taken: Arm) -> list[Advice]:
    others = [arm.name for arm in comparison.arms if arm is not taken and (arm.through or not arm.tuned)]
    pairs = [pair for other in others if (pair := comparison.pair(other, taken.name)) and pair.verdict == Verdict.UNDECIDED]
    if not pairs:
        return []
    spread, trainings = taken.spread, len(taken.seeds)
    if spread and trainings and spread.training / sqrt(trainings) > spread.exam:
        means = _points(spread.training / sqrt(trainings))
        left = f"{_points(spread.training)} between trainings, so {means} for their mean; {_points(spread.exam)} between exams"
        sentence = f"To decide more, train more often: seeds={2 * trainings}. Training leaves more open than the exam does."
        return [Advice(sentence=sentence, because=[f"{taken.name}: standard deviation {left}"])]
    times = [_times(pair) for pair in pairs]
    if enough := [ceil(factor * comparison.questions) for factor in times if 1 < factor <= MOST]:
        sentence = f"To decide more, ask at least {number(min(enough))} questions in place of {number(comparison.questions)}."
    elif any(factor <= 1 for factor in times):
        sentence = "To decide more, ask about more facts, or compare fewer arms: p is corrected for their number."
    else:
        sentence = "What is not decided is too close for an exam of any reasonable size: choose by cost."
    seen = [_seen(pair, factor, comparison.questions) for pair, factor in zip(pairs, times, strict=True)]
    return [Advice(sentence=sentence, because=seen)]


def _times(pair: Pair) -> float:
    """How many times as many questions would see a pair's difference; 0 where there are too few facts to see any."""
    least, gap = pair.difference.detectable, abs(pair.difference.estimate)
    return 0 if least is None else (least / gap) ** 2 if gap else inf


def _seen(pair: Pair, factor: float, questions: int) -> str:
    least = pair.difference.detectable
    words = f"{pair.first}: {_points(abs(pair.difference.estimate))} apart"
    if least is None:
        return f"{words}, and the exam has too few facts to see any difference"
    enough = f", so at least {number(ceil(factor * questions))} questions" if 1 < factor <= MOST else ""
    return f"{words}, {_points(least)} could be seen were it the only pair{enough}"


def _gap(comparison: Comparison, first: Arm, second: Arm) -> str:
    if not (pair := comparison.pair(first.name, second.name)):
        return f"{second.name} and {first.name}: no question is graded for both"
    found = pair.difference
    told = f"{points(found.estimate)} points ({ends(found)}), corrected p {chance(pair.p)}"
    return f"{second.name} minus {first.name}: {told}: {pair.verdict}"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
