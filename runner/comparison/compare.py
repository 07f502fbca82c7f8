"""Compare tracked arms: numbers, pairs, answers, notes and recommendation."""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import Agreement, Arm, Comparison, Item, Response
from runner.comparison.advice import advice
from runner.comparison.arms import Exam, arm, cluster
from runner.comparison.chosen import with_chosen_settings
from runner.comparison.names import ArmName, kind, names
from runner.comparison.notes import notes
from runner.comparison.pairs import paired
from runner.comparison.standing import star
from runner.comparison.tracked import Tracked


def compare(
    tracked: Sequence[Tracked],
    error: float = 0.05,
    command: str = "",
    agreements: Sequence[Agreement] = (),
    named: Sequence[ArmName] = (),
) -> Comparison:
    """Compare arms that took the same exam.

    Baselines come first, then the tuned arms in the order of the sweep. `named` are the arms' names, where the sweep has other
    arms too; without it, the arms are named by what differs among them.
    """
    named = named or names([result.row for result in tracked])
    # What is in a name stays, also where nobody chose it.
    rows = with_chosen_settings([result.row for result in tracked], {setting for name in named for setting in name.varied})
    shown = [(name, replace(result, row=row)) for name, result, row in zip(named, tracked, rows, strict=True)]
    by_kind = sorted(shown, key=lambda pair: kind(pair[1].row) == "tuned")  # the sort is stable
    ordered = [result for _, result in by_kind]
    arms = [arm(name, result, error) for name, result in by_kind]
    # An arm that did not finish has no answers, so the exam is gathered from all arms.
    exam: Exam = {row["id"]: row for result in ordered for row in result.answers}
    parameters = ordered[0].row.parameters if ordered else {}
    comparison = Comparison(
        command=command,
        corpus=parameters.get("corpus", ""),
        exam=ordered[0].row.tags.get("runner.exam", "") if ordered else "",
        questions=len(exam),
        facts=len({cluster(row) for row in exam.values()}),
        error=error,
        grader=parameters.get("grader", ""),
        judge=parameters.get("judge", ""),
        arms=arms,
        pairs=paired([(record, result) for record, result in zip(arms, ordered, strict=True) if result.answers], exam, error),
        items=_items(arms, ordered, exam),
        agreements=agreements,
    )
    # Notes read the comparison, and the recommendation comes last for it may depend on everything before.
    comparison = replace(comparison, notes=notes(comparison))
    return replace(comparison, star=star(comparison), advice=advice(comparison))


def _items(arms: Sequence[Arm], tracked: Sequence[Tracked], exam: Exam) -> list[Item]:
    """Collect the answers of all arms to each question."""
    names = [arm.name for arm in arms]
    # In reverse, so that the answer of the first training overwrites those of later ones.
    texts = [{row["id"]: row["answer"] for row in reversed(result.answers)} for result in tracked]
    labelled = {
        name: {fact["fact"] for fact in result.facts if fact["labels"]}
        for name, result in zip(names, tracked, strict=True)
        if result.facts
    }
    return [
        Item(
            id=question,
            question=row["question"],
            reference=row["reference"],
            category=row["category"],
            fact=row["fact"] or "",
            responses={
                name: Response(text=answers[question], passed=result.passed[question], graded=result.graded[question])
                for name, result, answers in zip(names, tracked, texts, strict=True)
                if question in answers
            },
            labelled=[name for name, facts in labelled.items() if cluster(row) in facts],
        )
        for question, row in exam.items()
    ]
