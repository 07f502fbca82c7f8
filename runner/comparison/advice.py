"""Recommend an arm, and say what to measure next.

The rules, in order; docs/statistics.md explains them to readers of a report:

1. The first sentences weigh every arm. See `runner.comparison.headline`.
2. The tuned arm that they lead to is compared with the other baselines, by the verdict and the interval of each pair.
3. Tuned arms that read passages are compared with RAG on the same passages. See `runner.comparison.passage_use`.
4. Its retention is reported if it was measured, and which remedies against forgetting helped. See
   `runner.comparison.remedies`.
5. A method that lists facts is compared with each method that does not, on arms that are otherwise equal: on how many
   facts they are right, and how even their accuracy is over facts. This is counted, not tested.
6. A pair that is not decided is either shown to differ by no more than the margin, or more questions are advised: as many as
   would show a difference of the margin. See `runner.comparison.undecided` and `runner.comparison.larger_exam`. If training
   makes the arm's mean less certain than the exam does, twice as many trainings are advised instead. Training does so if the
   standard deviation between trainings, divided by the square root of their number, exceeds that between exams.
"""

from collections.abc import Iterator, Sequence

from runner.comparison import Advice, Arm, Comparison
from runner.comparison.headline import headline
from runner.comparison.names import FOLLOWING
from runner.comparison.passage_use import passage_use
from runner.comparison.remedies import remedies
from runner.comparison.standing import gap, suitable
from runner.comparison.undecided import undecided
from runner.comparison.words import by_kind, chance, ends, number, percent, points, ranged
from runner.statistics import Verdict


def advice(comparison: Comparison) -> list[Advice]:
    """Write the recommendation, one sentence at a time.

    Each sentence comes with its reasons. If nothing can be recommended, the first sentence says so.
    """
    first = headline(comparison)
    if not first.arm:
        # Both sides read passages, so what tuning did to their use is decided even where no arm can be taken.
        return [*first.advice, *passage_use(comparison)]
    baselines = [base for base in comparison.arms if not base.tuned and base is not first.weighed]
    if not suitable(comparison):  # then the first sentences compare the arm with the untuned model
        others = [base for base in baselines if base.kind != "base"]
        beside = [*_beside(comparison, first.arm, others), *passage_use(comparison)]
        return [*first.advice, *beside, *undecided(comparison, first.arm)]
    tried = list(remedies(comparison, first.arm))
    return [
        *first.advice,
        *_beside(comparison, first.arm, baselines),
        *passage_use(comparison),
        *_retention(first.arm, bool(tried)),
        *tried,
        *_evenness(comparison),
        *undecided(comparison, first.arm),
    ]


def _beside(comparison: Comparison, arm: Arm, baselines: Sequence[Arm]) -> Iterator[Advice]:
    """Compare an arm with each baseline."""
    for baseline in baselines:
        if pair := comparison.pair(baseline.name, arm.name):
            sentence = {
                Verdict.BETTER: f"{arm.name} beats {baseline.name}.",
                Verdict.WORSE: f"{arm.name} does not reach {baseline.name}.",
                Verdict.UNDECIDED: f"It is not decided whether {arm.name} reaches {baseline.name}.",
            }[pair.verdict]
            reasons = [f"{baseline.name}: {ranged(baseline.accuracy)}", gap(comparison, baseline, arm)]
            gain = f"Difference: {points(pair.difference.estimate)} points ({ends(pair.difference)})."
            yield Advice(sentence=sentence, because=reasons, detail=gain)


def _retention(taken: Arm, tried: bool) -> list[Advice]:
    """Say what an arm forgot, and how to find remedies."""
    if not (retention := taken.retention):
        return []
    change = f"general questions: {ranged(retention.before)} before, {ranged(retention.after)} after"
    reasons = [
        f"{change}, p {chance(retention.difference.p)}",
        f"{number(retention.lost)} of the {number(retention.known)} questions that the untuned model knew were lost, "
        f"{number(retention.gained)} others gained",
        *([f"kept by kind of question: {by_kind(retention.kinds)}"] if retention.kinds else []),
    ]
    if retention.perplexity_before and retention.perplexity_after:
        perplexity = f"{retention.perplexity_before:.1f} before, {retention.perplexity_after:.1f} after"
        reasons.append(f"perplexity of a page of general text: {perplexity}")
    if not retention.known:
        sentence = "What tuning broke can't be told: the untuned model answers none of the general questions correctly."
        return [Advice(sentence=sentence, because=reasons)]
    if retention.verdict != Verdict.WORSE:
        sentence = f"On general questions {taken.name} is not decidedly worse than the untuned model."
        after = f"Accuracy on them: {percent(retention.before.estimate)} before, {percent(retention.after.estimate)} after."
        return [Advice(sentence=sentence, because=reasons, detail=after)]
    loss = f"{taken.name} lost {percent(1 - retention.kept)} of the known general questions"
    if not tried and taken.parameters.get("keep") != "kl":
        # The one remedy that was measured to help, see docs/results.md. On other documents only a sweep shows what it does.
        shipped = "on the shipped corpus keep=kl kept 83% where keep=none kept 45%, with no decided change of accuracy"
        reasons.append(
            f"to keep more: {shipped}. To try it here: keep=none,kl (not with a hosted tuner), and read the column kept"
        )
    return [Advice(sentence=f"{loss}.", because=reasons)]


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
