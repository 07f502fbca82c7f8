"""Compare tracked arms: numbers, pairs, answers, notes and recommendation."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from runner.comparison import Arm, Comparison, ExamItem, Response
from runner.comparison.advice import advice
from runner.comparison.agreement import Agreement
from runner.comparison.arms import Exam, arm, cluster
from runner.comparison.chosen import with_chosen_settings
from runner.comparison.kept import kept_pairs
from runner.comparison.names import ArmName, kind, names
from runner.comparison.notes import notes
from runner.comparison.pairs import paired
from runner.comparison.ranking import ranked_alike
from runner.comparison.regraded import regraded
from runner.comparison.standing import star
from runner.comparison.stopping import share, with_endings
from runner.comparison.tracked import Tracked
from runner.statistics import numbered
from runner.statistics.suppositions import DEFAULTS, Suppositions, estimated


def compare(
    tracked: Sequence[Tracked],
    error: float = 0.05,
    command: str = "",
    agreements: Sequence[Agreement] = (),
    named: Sequence[ArmName] = (),
    margin: float = 0.05,
) -> Comparison:
    """Compare arms that took the same exam.

    Baselines come first. `named` are the arms' names, where the sweep has others too. `margin` is a gap that does not matter.
    """
    named = named or names([result.row for result in tracked])
    varied = {setting for name in named for setting in name.varied}  # stays in a name, also where nobody chose it
    rows = with_chosen_settings([result.row for result in tracked], varied)
    shown = [(name, replace(result, row=row)) for name, result, row in zip(named, tracked, rows, strict=True)]
    shown.sort(key=lambda pair: kind(pair[1].row) == "tuned")  # the sort is stable
    ordered = [result for _, result in shown]
    arms = ranked_alike([arm(name, result, error) for name, result in shown], ordered)
    exam = _gathered(ordered)
    parameters, tags = (ordered[0].row.parameters, ordered[0].row.tags) if ordered else ({}, {})
    comparison = Comparison(
        command=command,
        corpus=parameters.get("corpus", ""),
        exam=tags.get("runner.exam", ""),
        written=tags.get("runner.exam_origin", ""),
        questions=len(exam),
        facts=len({cluster(row) for row in exam.values()}),
        error=error,
        margin=margin,
        grader=parameters.get("grader", ""),
        judge=parameters.get("judge", ""),
        arms=arms,
        pairs=paired([pair for pair in zip(arms, ordered, strict=True) if pair[1].answers], exam, error),
        supposed=_supposed(ordered, exam),
        items=_items(arms, ordered, exam),
        agreements=agreements,
    )
    comparison = replace(comparison, kept_pairs=kept_pairs(arms, ordered, error))
    return _in_words(replace(comparison, regraded=regraded(comparison, ordered, exam)))


def compare_at_look(compared: Callable[[float], Comparison], error: float, trainings: int, looks: Sequence[int]) -> Comparison:
    """Compare arms that are trained until they are decided.

    `compared` makes a comparison at an error. `error` is that of all looks together. `trainings` are the most of an arm so far,
    `looks` those of an arm at each look. Without looks, the arms are compared once.
    """
    if not looks:
        return compared(error)
    comparison = replace(compared(error * share(trainings, looks)), looks=looks, look=trainings)
    last = compared(error * share(looks[-1], looks)) if trainings < looks[-1] else comparison
    return _in_words(with_endings(comparison, last))


def _in_words(comparison: Comparison) -> Comparison:
    """Add notes, star and recommendation to the numbers."""
    # In this order: notes read the comparison, and the recommendation may depend on everything before.
    comparison = replace(comparison, notes=notes(comparison))
    return replace(comparison, star=star(comparison), advice=advice(comparison))


def _gathered(tracked: Sequence[Tracked]) -> Exam:
    """Gather the exam from all arms."""
    # An arm that did not finish has no answers.
    return {row["id"]: row for result in tracked for row in result.answers}


def _supposed(tracked: Sequence[Tracked], exam: Exam) -> Suppositions:
    """Estimate what other arms of this exam would be like."""
    grades = [result.grades([*exam]) for result in tracked if result.graded]
    if not any(graded.trained for graded in grades):
        return DEFAULTS
    return estimated(grades, numbered([cluster(row) for row in exam.values()]))[0]


def _items(arms: Sequence[Arm], tracked: Sequence[Tracked], exam: Exam) -> list[ExamItem]:
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
        ExamItem(
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
