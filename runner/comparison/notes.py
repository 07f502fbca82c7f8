"""A comparison to the sentences that a reader must know before believing its numbers."""

from runner.comparison import Comparison
from runner.comparison.words import percent


def notes(comparison: Comparison) -> list[str]:
    """What limits the numbers: one training an arm, an exam without facts, near-duplicates, missing grades, labels and arms."""
    return [*_of_exam(comparison), *_budgets(comparison), *_near(comparison), *_of_arms(comparison)]


def _budgets(comparison: Comparison) -> list[str]:
    methods = {arm.name: arm.method for arm in comparison.arms}
    apart = [pair for pair in comparison.pairs if not pair.category and methods[pair.first] and methods[pair.second]]
    apart = [pair for pair in apart if methods[pair.first] != methods[pair.second]]
    matched = [f"{pair.first} and {pair.second} in {' and '.join(pair.matched)}" for pair in apart if pair.matched]
    if matched:
        return [f"Methods trained on the same budget: {'; '.join(matched)}."]
    if not apart:
        return []
    return [
        "No two methods were trained on the same budget, so a difference between them is one of amount too. "
        "size=count, size=tokens or tuner.steps match labels, label tokens or optimizer steps."
    ]


def _near(comparison: Comparison) -> list[str]:
    told = [
        f"{arm.name} {percent(arm.without_near.estimate) if arm.without_near else 'not graded'} "
        f"in place of {percent(arm.accuracy.estimate)} (without {arm.near})"
        for arm in comparison.arms
        if arm.near and arm.accuracy
    ]
    listed = (
        "Some exam questions are near-duplicates of a label's question (the artifact near_duplicates lists them). Without them:"
    )
    return [f"{listed} {'; '.join(told)}."] if told else []


def _of_exam(comparison: Comparison) -> list[str]:
    found = []
    tuned = [arm for arm in comparison.arms if arm.tuned and arm.accuracy]
    if tuned and not any(arm.seeds for arm in tuned):
        found.append(
            "Each tuned arm was trained once, so a verdict is about these trained models; how far another training would move "
            "them is not known. seeds=3 trains each three times and shows it."
        )
    if tuned and not any(arm.kind == "base" and arm.accuracy for arm in comparison.arms):
        found.append(
            "The untuned model was not graded on this exam, so whether tuning helps is not known: keep base in baseline."
        )
    nameless = sum(not item.fact for item in comparison.items)
    if nameless:
        found.append(
            f"{nameless} of {comparison.questions} questions name no fact and count as a fact of their own; where several ask "
            "the same thing, the intervals are too narrow. Name it: the field fact in the exam."
        )
    if comparison.grader == "judge" and not any("people" in one.graders for one in comparison.agreements):
        found.append(
            "The judge's agreement with people was never measured on this corpus, so its grades are to be believed with care. "
            "Give it a grades.jsonl (question, answer, pass) to measure it."
        )
    return found


def _of_arms(comparison: Comparison) -> list[str]:
    found = []
    for arm in comparison.arms:
        if arm.status != "FINISHED":
            found.append(f"{arm.name}: {arm.status.lower()}, so it is compared with nothing.")
        if arm.retention and not arm.retention.passed:
            found.append(
                f"{arm.name}: failed the gate. It still knows {percent(arm.retention.kept)} of the {arm.retention.known} "
                f"general questions that the untuned model knew; retention.floor asks for {percent(arm.retention.floor)}."
            )
        if arm.shortage and arm.budget:
            found.append(f"{arm.name}: {arm.shortage}; trained on the {arm.budget.labels} there are.")
        if arm.ungraded:
            found.append(f"{arm.name}: answers without a readable verdict, which count neither way: {arm.ungraded}.")
    return found
