"""Recommend an arm, and say what to measure next.

The rules, in order:

1. An arm is suitable if it is tuned, finished, was graded, passed the gate, and is better than the untuned model by the
   paired test. If the untuned model was not graded, the last condition is left out. If an arm fails it alone, the advice
   is to stay with the untuned model; the most accurate arm is then compared with the other baselines.
2. The best arm is the most accurate suitable arm. If several are as accurate, it is the one with the fewest labels. All
   suitable arms that the paired test does not call worse than the best are as good as it, as far as this exam can tell.
   Of these, the arm with the fewest labels is recommended; if several have as few, the most accurate one.
3. The recommended arm is compared with each baseline, by the verdict and the interval of their pair.
4. Its retention is reported if it was measured, with a remedy if the loss is significant.
5. A method that lists facts is compared with each method that does not, on arms that are otherwise equal: on how many
   facts they are right, and how even their accuracy is over facts. This is counted, not tested.
6. If a pair is not decided, more questions are advised. The width of an interval falls with the square root of the number
   of questions. So (detectable / difference) squared times as many questions are needed to detect the difference. This
   is a lower bound, since p is corrected for the number of pairs and `detectable` is not. If training makes the arm's mean
   less certain than the exam does, twice as many trainings are advised instead. Training does so if the standard
   deviation between trainings, divided by the square root of their number, exceeds that between exams.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from math import ceil, inf, sqrt

from runner.comparison import Advice, Arm, ArmPair, Comparison
from runner.comparison.names import FOLLOWING
from runner.comparison.words import chance, ends, number, percent, points, ranged
from runner.statistics import Verdict

MOST = 20  # times as many questions: a difference that needs a larger exam is too small to look for


def advice(comparison: Comparison) -> list[Advice]:
    """Write the recommendation, one sentence at a time.

    Each sentence comes with its reasons. If nothing can be recommended, the only sentence says so.
    """
    eligible = [arm for arm in comparison.arms if arm.eligible]
    if not eligible:
        reasons = [_obstacle(arm) for arm in comparison.arms if arm.tuned]
        detail = f"{'; '.join(reasons)}." if reasons else ""
        return [Advice(sentence="No tuned arm can be recommended.", because=reasons, detail=detail)]
    suitable = [arm for arm in eligible if _beats_untuned(comparison, arm)]
    baselines = [arm for arm in comparison.arms if not arm.tuned]
    if not suitable:
        foremost = max(eligible, key=lambda arm: arm.rank)
        gaps = {arm.name: [_gap(comparison, base, arm) for base in _untuned(comparison, arm)] for arm in eligible}
        stay = Advice(
            sentence="Stay with the untuned model: no tuned arm is decidedly better on this exam.",
            because=list(chain.from_iterable(gaps.values())),
            detail=f"{'; '.join(gaps[foremost.name])}.",
        )
        # The untuned model itself has its sentence already.
        others = [baseline for baseline in baselines if baseline.kind != "base"]
        return [stay, *_beside(comparison, foremost, others), *_next(comparison, foremost)]
    best = max(suitable, key=lambda arm: arm.rank)
    as_good = [arm for arm in suitable if _as_good(comparison, best, arm)]
    taken = max(as_good, key=lambda arm: (-arm.labels, arm.rank))
    return [
        _take(comparison, taken, best, suitable),
        *_beside(comparison, taken, baselines),
        *_retention(taken),
        *_evenness(comparison),
        *_next(comparison, taken),
    ]


def _obstacle(arm: Arm) -> str:
    """Say why an arm can't be recommended."""
    if arm.status != "FINISHED":
        return f"{arm.name}: {arm.status.lower()}"
    if not arm.accuracy or not arm.retention:
        return f"{arm.name}: no answer was graded"
    return f"{arm.name}: failed the gate, kept {percent(arm.retention.kept)}, but {percent(arm.retention.floor)} is asked for"


def _untuned(comparison: Comparison, arm: Arm) -> list[Arm]:
    """Return the graded arms of the model that was tuned."""
    # A sweep may vary the model, or how it is asked. An untuned arm belongs to a tuned one if all its settings agree.
    bases = [base for base in comparison.arms if base.kind == "base" and base.accuracy]
    return [base for base in bases if base.parameters.items() <= arm.parameters.items()]


def _beats_untuned(comparison: Comparison, arm: Arm) -> bool:
    pairs = [comparison.pair(base.name, arm.name) for base in _untuned(comparison, arm)]
    # True if there is no pair at all: where no untuned model was graded, this condition is left out.
    return all(pair is not None and pair.verdict == Verdict.BETTER for pair in pairs)


def _as_good(comparison: Comparison, best: Arm, arm: Arm) -> bool:
    pair = comparison.pair(best.name, arm.name)
    # Without a common question nothing is known, and that is not enough to call an arm as good.
    return arm is best or (pair is not None and pair.verdict != Verdict.WORSE)


def _take(comparison: Comparison, taken: Arm, best: Arm, suitable: Sequence[Arm]) -> Advice:
    tested = bool(_untuned(comparison, taken))
    which = "that beat the untuned model" if tested else "that can be recommended"
    fewer = [arm for arm in suitable if arm.labels < taken.labels]
    if len(suitable) == 1:
        reason = f"it is the only tuned arm that {'beats the untuned model' if tested else 'can be recommended'}."
    elif taken is best:
        reason = f"it is the most accurate of the tuned arms {which}."
        if fewer:
            reason += " As far as this exam can tell, none of these with fewer labels is as good."
    else:
        # A higher accuracy alone is no reason to pay for more labels: the test does not call that arm better.
        reason = f"it has the fewest labels of the tuned arms {which} and are not decidedly worse than the best, {best.name}."
    # A reader sees what is given up for fewer labels.
    shown = [taken] if taken is best else [taken, best]
    accuracies = [f"{arm.name}: {ranged(arm.accuracy)} with {number(arm.labels)} labels" for arm in shown]
    gaps = [_gap(comparison, best, arm) for arm in (*fewer, taken) if arm is not best]
    accuracy = percent(taken.accuracy.estimate if taken.accuracy else None)
    return Advice(
        sentence=f"Take {taken.name}: {reason}",
        because=[*accuracies, *gaps],
        detail=f"Accuracy: {accuracy} with {number(taken.labels)} labels.",
    )


def _beside(comparison: Comparison, arm: Arm, baselines: Sequence[Arm]) -> Iterator[Advice]:
    """Compare an arm with each baseline."""
    for baseline in baselines:
        if pair := comparison.pair(baseline.name, arm.name):
            sentence = {
                Verdict.BETTER: f"{arm.name} beats {baseline.name}.",
                Verdict.WORSE: f"{arm.name} does not reach {baseline.name}.",
                Verdict.UNDECIDED: f"It is not decided whether {arm.name} reaches {baseline.name}.",
            }[pair.verdict]
            reasons = [f"{baseline.name}: {ranged(baseline.accuracy)}", _gap(comparison, baseline, arm)]
            gain = f"Difference: {points(pair.difference.estimate)} points ({ends(pair.difference)})."
            yield Advice(sentence=sentence, because=reasons, detail=gain)


def _retention(taken: Arm) -> list[Advice]:
    if not (retention := taken.retention):
        return []
    change = f"general questions: {ranged(retention.before)} before, {ranged(retention.after)} after"
    reasons = [
        f"{change}, p {chance(retention.difference.p)}",
        f"{number(retention.lost)} of the {number(retention.known)} questions that the untuned model knew were lost, "
        f"{number(retention.gained)} others gained",
    ]
    if retention.perplexity_before and retention.perplexity_after:
        perplexity = f"{retention.perplexity_before:.1f} before, {retention.perplexity_after:.1f} after"
        reasons.append(f"perplexity of a page of general text: {perplexity}")
    if retention.verdict != Verdict.WORSE:
        sentence = f"On general questions {taken.name} is not decidedly worse than the untuned model."
        after = f"Accuracy on them: {percent(retention.before.estimate)} before, {percent(retention.after.estimate)} after."
        return [Advice(sentence=sentence, because=reasons, detail=after)]
    loss = f"{taken.name} lost {percent(1 - retention.kept)} of the known general questions"
    # Training with replay was the remedy that this sentence would advise.
    if retention.replay:
        return [Advice(sentence=f"{loss}.", because=reasons)]
    reasons.append("remedies to try: tuner.replay (general pairs in training), a lower tuner.rate, fewer epochs")
    return [Advice(sentence=f"{loss}; tuner.replay or a lower tuner.rate may help.", because=reasons)]


def _evenness(comparison: Comparison) -> list[Advice]:
    """Compare methods that list facts with methods that do not.

    This is the paper's claim that fact labels cover the facts more evenly than token labels.
    """
    arms = [arm for arm in comparison.arms if arm.tuned and arm.coverage]
    methods: dict[tuple[str, str], list[tuple[Arm, Arm]]] = {}
    for arm in arms:
        for other in arms:
            if arm.lists_facts and not other.lists_facts and _comparable(arm, other):
                methods.setdefault((arm.method, other.method), []).append((arm, other))
    return [_covered(method, other, pairs) for (method, other), pairs in methods.items()]


def _comparable(arm: Arm, other: Arm) -> bool:
    """Return True if two arms differ in their method alone."""
    parameters = (arm.parameters, other.parameters)
    # What follows from the method may differ: its own settings, the amount of labels, and that it asks no teacher.
    ignored = {"teacher"} if "none" in {each.get("teacher") for each in parameters} else set()
    settings = [
        {name: value for name, value in each.items() if name not in FOLLOWING | ignored and not name.startswith("method.")}
        for each in parameters
    ]
    return arm.size == other.size and settings[0] == settings[1]


def _covered(method: str, other: str, pairs: Sequence[tuple[Arm, Arm]]) -> Advice:
    """Compare two methods by the facts that their arms answer."""
    counts = [(first.coverage, second.coverage) for first, second in pairs if first.coverage and second.coverage]
    gains = [first.answered - second.answered for first, second in counts]
    extent = {
        (True, False): "on more facts than",
        (False, True): "on fewer facts than",
        (True, True): "in some cases on more facts, in others on fewer facts, than",
        (False, False): "on as many facts as",
    }[max(gains) > 0, min(gains) < 0]
    reasons = [
        f"{arm.name} against {rival.name}: right at least once on {first.answered} of {first.examined} facts against "
        f"{second.answered} of {second.examined}; deviation of the accuracy over facts {first.unevenness:.2f} against "
        f"{second.unevenness:.2f}"
        for (arm, rival), (first, second) in zip(pairs, counts, strict=True)
    ]
    # Of all reasons, the largest difference goes into the terminal: it is one that the sentence speaks of.
    largest = max(range(len(gains)), key=lambda place: abs(gains[place]))
    (arm, rival), (first, second) = pairs[largest], counts[largest]
    detail = f"{arm.name}: {first.answered} of {first.examined}; {rival.name}: {second.answered} of {second.examined}."
    # The methods are named by their own names, so that a user's method is found again.
    sentence = f"Arms trained on {method} labels are right {extent} arms trained on {other} labels (counted, not tested)."
    return Advice(sentence=sentence, because=reasons, detail=detail)


def _next(comparison: Comparison, taken: Arm) -> list[Advice]:
    """Say what would decide the pairs that are not decided."""
    # A pair with an arm that can't be recommended need not be decided.
    others = [arm.name for arm in comparison.arms if arm is not taken and (arm.eligible or not arm.tuned)]
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
        sentence = "What is not decided is too close for an exam of any reasonable size: choose by cost."
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


def _gap(comparison: Comparison, first: Arm, second: Arm) -> str:
    """Write the difference of two arms with its test."""
    if not (pair := comparison.pair(first.name, second.name)):
        return f"{second.name} and {first.name}: no question is graded for both"
    gain = f"{points(pair.difference.estimate)} points ({ends(pair.difference)}), corrected p {chance(pair.p)}"
    return f"{second.name} minus {first.name}: {gain}: {pair.verdict}"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
