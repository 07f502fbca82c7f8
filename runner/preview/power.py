"""A planned exam in, its printed detectable differences out."""

from collections.abc import Iterator

from rich.table import Table

from runner.comparison.words import counted, number, rate
from runner.preview.planned_exam import Pairing, PlannedExam
from runner.preview.power_notes import notes, points, share, size, unnoticed
from runner.preview.table import PLAIN
from runner.statistics import About
from runner.statistics.suppositions import Suppositions
from runner.terminal.plain_text import PlainConsole


def show(exam: PlannedExam) -> None:
    """Print which differences an exam shows, and what margin needs."""
    console = PlainConsole(emoji=False, force_jupyter=False, width=None if PlainConsole().is_terminal else PLAIN)
    for line in _head(exam):
        console.print(line, markup=False)
    console.print(_table(exam))
    for note in notes(exam):
        console.print(f"- {note}", markup=False)


def _head(exam: PlannedExam) -> Iterator[str]:
    last = f"an error of {rate(exam.error)}, that of the last look of seeds=auto"
    level = last if exam.looks else f"error={exam.error:g}"
    yield f"Power: the smallest difference in accuracy that gets a verdict in four of five cases, at {level}"
    if exam.sizes.facts < exam.sizes.least:
        fewer = exam.sizes.enough(exam.sizes.largest)
        yield (
            f"No verdict: this exam has {counted(int(exam.sizes.facts), 'fact')}, and a verdict needs at least "
            f"{number(exam.sizes.least)} facts with as many questions each."
            + (
                f" Where arms differ by several questions on a fact, it needs {number(fewer)} or more."
                if fewer < exam.sizes.least
                else ""
            )
        )
    yield f"{exam.study.corpus.name}: {size(exam.sizes)}; {', '.join([*exam.baselines, *exam.tuned])}"
    yield f"Supposed: {_supposed(exam.supposed.numbers)}."
    yield exam.supposed.source


def _supposed(numbers: Suppositions) -> str:
    """Write the suppositions."""
    return (
        f"an accuracy of {share(numbers.accuracy)}; two arms get different grades on "
        f"{share(numbers.unlike(numbers.arms_agree))} of the questions, two trainings of one arm on "
        f"{share(numbers.unlike(numbers.trainings_agree))}; questions on one fact are correlated by "
        f"{numbers.questions_agree:.1f}; {_spread(numbers.spread)}"
    )


def _spread(spread: float) -> str:
    """Write how much the accuracies of trainings differ."""
    if unnoticed(spread):
        return "the accuracies of trainings differ by no more than single questions change"
    return f"the accuracies of trainings have a standard deviation of {points(spread)}"


def _table(exam: PlannedExam) -> Table:
    table = Table(caption="* this command", caption_justify="left")
    for heading in ("trainings", "verdict about", "facts", "questions", *map(_heading, exam.pairings)):
        table.add_column(heading, justify="right")
    before = 0
    for trainings, sizes, seen in exam.rows():
        if before and trainings != before:
            table.add_section()
        before = trainings
        own = (trainings, sizes) == (exam.trainings, exam.sizes)
        cells = [_cell(least) for least in seen]
        about = About.METHODS if trainings > 1 else About.MODELS
        table.add_row(f"{'* ' if own else ''}{trainings}", about, number(sizes.facts), number(sizes.questions), *cells)
    return table


def _heading(pairing: Pairing) -> str:
    return pairing.name if pairing.tests == 1 else f"one of {number(pairing.tests)} such pairs"


def _cell(least: float | None) -> str:
    return "none" if least is None else f"{100 * least:.1f}"
