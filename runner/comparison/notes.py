"""List what a reader must know before believing the numbers."""

from itertools import chain

from runner.comparison import Arm, Comparison
from runner.comparison.grader_notes import grader_notes
from runner.comparison.left_out import left_out
from runner.comparison.standing import that, trained_alike
from runner.comparison.stopping import share
from runner.comparison.words import by_kind, counted, listed, number, percent, rate
from runner.statistics import Verdict
from runner.statistics.optimism import optimism

LEAST_OPTIMISM = 0.005  # less is no news beside intervals of several points
LISTED = 6  # pairs at most that a note names


def notes(comparison: Comparison) -> list[str]:
    """Write a sentence for each limit of the numbers.

    Limits of the exam come first, then those of the comparison between methods, then those of single arms.
    """
    of_arms = chain.from_iterable(_arm(arm) for arm in comparison.arms)
    return [
        *_looks(comparison),
        *_written(comparison),
        *_exam(comparison),
        *grader_notes(comparison),
        *_best(comparison),
        *_alike(comparison),
        *_passages(comparison),
        *_budgets(comparison),
        *left_out(comparison),
        *_near(comparison),
        *_kept(comparison),
        *of_arms,
    ]


def _looks(comparison: Comparison) -> list[str]:
    """Say at which error repeated comparisons are made."""
    looks, error = comparison.looks, comparison.error
    if len(looks) < 2:
        return []
    total = error / share(comparison.look, looks)
    return [
        f"Arms are compared after {listed([str(look) for look in looks])} trainings, as long as more trainings may decide. These "
        f"comparisons share error={total:g} in proportion to their trainings. This is the one after {comparison.look}, so each "
        f"interval and each verdict is at an error of {rate(error)}."
    ]


def _written(comparison: Comparison) -> list[str]:
    """Say that no person wrote the exam."""
    if not comparison.written:
        return []
    return [
        f"The exam was {comparison.written}. Look at its questions before you rely on these numbers: docs/own-documents.md says "
        "where they are and how to correct them."
    ]


def _exam(comparison: Comparison) -> list[str]:
    notes = []
    graded = [arm for arm in comparison.arms if arm.tuned and arm.accuracy]
    # One repeated arm shows how much training varies, and the table then has the column.
    if graded and not any(arm.seeds for arm in graded):
        notes.append(
            "Each tuned arm was trained once. So the verdicts are about these trained models; it is not known how much another "
            "training would change them. seeds=3 trains each arm three times and shows it."
        )
    if graded and not any(arm.kind == "base" and arm.accuracy for arm in comparison.arms):
        notes.append(
            "The untuned model was not graded on this exam, so it is not known whether tuning helps. Keep base in baseline."
        )
    # Related questions that are taken for independent ones count as more evidence than they are.
    if without_fact := sum(not item.fact for item in comparison.items):
        notes.append(
            f"{without_fact} of {comparison.questions} questions name no fact, so each of them counts as a fact of its own. If "
            "several of them ask the same, the intervals are too narrow. Name the fact in the exam's field `fact`."
        )
    # A rule such as `match` can be read. A judge is a model, and its errors are unknown until people have checked it.
    if comparison.judge and not any("people" in agreement.graders for agreement in comparison.agreements):
        notes.append(
            "The judge's agreement with people was never measured on this corpus, so its grades may be wrong. To measure it, add "
            "a grades.jsonl (question, answer, pass) to the corpus."
        )
    return [*notes, *_ungraded(comparison)]


def _ungraded(comparison: Comparison) -> list[str]:
    """Name what was not graded, and how arms are ranked."""
    parts = [f"{number(arm.ungraded)} of {arm.name}" for arm in comparison.arms if arm.ungraded]
    if not parts:
        return []
    counts = [arm.ranked_by[1] for arm in comparison.arms if arm.ranked_by]
    ranked = ""  # an arm without any grade has no rank, and takes no question from the others
    if counts:
        ranked = (
            f" Arms are ranked by their accuracy on the {counts[0]} of {comparison.questions} questions graded for every arm."
        )
    elif any(arm.ungraded and arm.accuracy for arm in comparison.arms):
        ranked = " No question was graded for every arm, so arms are ranked by different questions."
    return [f"Answers that were not graded: {'; '.join(parts)}. They count neither as right nor as wrong.{ranked}"]


def _best(comparison: Comparison) -> list[str]:
    """Say how much luck may flatter the best arm."""
    best = comparison.best
    if not best:
        return []
    # Whoever is decidedly worse is no rival, and its luck could not have made it the best.
    pairs = [(arm, comparison.pair(best.name, arm.name)) for arm in comparison.arms if arm.eligible and arm is not best]
    rivals = [best.name, *(arm.name for arm, pair in pairs if pair and pair.verdict == Verdict.UNDECIDED)]
    grades = [
        (item.fact or item.id, [item.responses[name].passed for name in rivals])
        for item in comparison.items
        if all(name in item.responses and item.responses[name].passed is not None for name in rivals)
    ]
    if len(rivals) < 2 or not grades:
        return []
    gain = optimism(list(zip(*(passed for _, passed in grades), strict=True)), [fact for fact, _ in grades])
    if gain < LEAST_OPTIMISM:
        return []
    return [
        f"The best of several arms looks better than it is. The tests do not tell the {len(rivals)} best tuned arms"
        f"{that(comparison)} apart. If they are equally good, the highest accuracy among them is {100 * gain:.1f} points above "
        "the true one on average."
    ]


def _alike(comparison: Comparison) -> list[str]:
    """Name the arms that are one training under several names."""
    return [
        f"{listed([arm.name for arm in arms])} were trained on the same labels with the same settings. A difference between them "
        "is chance, from the order of the labels, and says nothing about what their names tell apart."
        for arms in trained_alike(comparison)
    ]


def _passages(comparison: Comparison) -> list[str]:
    """Say what retrieval read: a tuned model is trained on all of the documents."""
    read = [f"{arm.name}: {arm.passages}" for arm in comparison.arms if arm.passages]
    if not read:
        return []
    more = "A larger model may use more: retriever.passages=3 retriever.sentences=0"
    note = f"With each question, the model read passages of the documents. {'; '.join(read)}. {more}."
    return [note, *(_holding(arm) for arm in comparison.arms if arm.holding)]


def _holding(arm: Arm) -> str:
    """Say how often an arm was given the answer."""
    given, asked = arm.holding or (0, 0)
    note = f"{arm.name} was given the answer in {given} of {asked} prompts, as far as words show."
    if recall := _recall(arm):
        note += f" A passage of the question's section was {listed(recall)} of the questions."
    if given < asked:
        note += " Where it was not given the answer, a wrong reply says nothing about the model."
    return note


def _recall(arm: Arm) -> list[str]:
    """Say how often the first so many passages were enough."""
    first = {percent(share): rank for rank, share in sorted(arm.recall.items(), reverse=True)}  # the least rank of each share
    ranks = sorted((rank, share) for share, rank in first.items())
    return [f"{'the first' if rank == 1 else f'among the first {rank}'} for {share}" for rank, share in ranks]


def _budgets(comparison: Comparison) -> list[str]:
    methods = {arm.name: arm.method for arm in comparison.arms}
    # Baselines have no method. Sizes of one method differ in their budget on purpose.
    apart = [
        pair
        for pair in comparison.pairs
        if not pair.category and methods[pair.first] and methods[pair.second] and methods[pair.first] != methods[pair.second]
    ]
    matched = [f"{pair.first} and {pair.second} in {listed(list(pair.matched))}" for pair in apart if pair.matched]
    # A large sweep has hundreds of pairs, and a note of that length hides the other notes.
    if len(matched) > LISTED:
        return [
            f"{len(matched)} pairs of arms with different methods had the same budget; the report's table of pairs names them."
        ]
    if matched:
        return [f"Methods trained on the same budget: {'; '.join(matched)}."]
    if not apart:
        return []
    return [
        "No two methods were trained on the same budget. So a difference between them may come from the amount of training. "
        "size=count matches labels, size=tokens label tokens, and tuner.steps optimizer steps."
    ]


def _near(comparison: Comparison) -> list[str]:
    without = [
        f"{arm.name} {percent(arm.without_near.estimate) if arm.without_near else 'not graded'} "
        f"instead of {percent(arm.accuracy.estimate)} ({arm.near} left out)"
        for arm in comparison.arms
        if arm.near and arm.accuracy
    ]
    if not without:
        return []
    return [
        "Some exam questions are near-duplicates of a label's question; the artifact near_duplicates lists them. "
        f"Accuracy without them: {'; '.join(without)}."
    ]


def _kept(comparison: Comparison) -> list[str]:
    """Say which kinds of general questions were forgotten."""
    kept = [(arm.name, arm.retention.kinds) for arm in comparison.arms if arm.retention and arm.retention.kinds]
    if not kept:
        return []
    if len(kept) > LISTED:
        return ["What each arm kept of each kind of general questions is in the report, under Retention."]
    return [f"Kept of the known general questions, by kind: {'; '.join(f'{name}: {by_kind(kinds)}' for name, kinds in kept)}."]


def _arm(arm: Arm) -> list[str]:
    notes = []
    if arm.status != "FINISHED":
        notes.append(f"{arm.name}: {arm.status.lower()}, so it is compared with nothing.")
    # The gate fails the whole command, so the reason must be found here.
    if arm.retention and not arm.retention.passed:
        notes.append(
            f"{arm.name}: failed the gate. It still answers {percent(arm.retention.kept)} of the {arm.retention.known} general "
            f"questions that the untuned model knew; retention.floor asks for {percent(arm.retention.floor)}."
        )
    if arm.shortage and arm.budget:
        notes.append(f"{arm.name}: {arm.shortage}. It was trained on {counted(arm.budget.labels, 'label')}.")
    return notes
