"""Tracked arms to the comparison: lines, pairs with their verdicts, answers side by side, notes and advice."""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import Agreement, Comparison, Item, Response
from runner.comparison.advice import advice
from runner.comparison.arms import Exam, arm, cluster, named
from runner.comparison.notes import notes
from runner.comparison.pairs import paired
from runner.comparison.tracked import Tracked


def compare(
    tracked: Sequence[Tracked], error: float = 0.05, command: str = "", agreements: Sequence[Agreement] = ()
) -> Comparison:
    """Baselines first, then the tuned arms in the order of the sweep; all of them have sat the same exam."""
    ordered = sorted(tracked, key=lambda one: one.row.tags.get("runner.arm") == "tuned")
    names = named([one.row for one in ordered])
    exam: Exam = {row["id"]: row for one in ordered for row in one.answers}
    arms = [arm(name, one, exam, error) for name, one in zip(names, ordered, strict=True)]
    parameters = ordered[0].row.parameters if ordered else {}
    comparison = Comparison(
        command=command,
        corpus=parameters.get("corpus", ""),
        exam=ordered[0].row.tags.get("runner.exam", "") if ordered else "",
        questions=len(exam),
        facts=len({cluster(row) for row in exam.values()}),
        error=error,
        grader=parameters.get("grader", ""),
        arms=arms,
        pairs=paired([one for one in zip(arms, ordered, strict=True) if one[1].answers], exam, error),
        items=_items(names, ordered, exam),
        agreements=agreements,
    )
    comparison = replace(comparison, notes=notes(comparison))
    return replace(comparison, advice=advice(comparison))


def _items(names: Sequence[str], tracked: Sequence[Tracked], exam: Exam) -> list[Item]:
    said = [{row["id"]: row["answer"] for row in reversed(one.answers)} for one in tracked]  # of the first training
    tuned = [(name, one) for name, one in zip(names, tracked, strict=True) if one.facts]
    labelled = {name: {fact["fact"] for fact in one.facts if fact["labels"]} for name, one in tuned}
    return [
        Item(
            id=question,
            question=row["question"],
            reference=row["reference"],
            category=row["category"],
            fact=row["fact"] or "",
            responses={
                name: Response(text=texts[question], passed=one.passed[question], graded=one.graded[question])
                for name, one, texts in zip(names, tracked, said, strict=True)
                if question in texts
            },
            labelled=[name for name, facts in labelled.items() if cluster(row) in facts],
        )
        for question, row in exam.items()
    ]
