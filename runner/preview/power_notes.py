"""A planned exam in, sentences about its power out."""

from collections.abc import Iterator
from dataclasses import replace

from runner.comparison.words import counted, listed, margin, number, rounded
from runner.preview.planned_exam import TRAININGS, PlannedExam
from runner.statistics.called import FactSizes
from runner.statistics.design import MOST_FACTS, MOST_TRAININGS
from runner.statistics.suppositions import DEFAULTS, Suppositions

ACCURACIES = (0.1, 0.5, 0.7, 0.9)  # that are set beside the supposed one
LEAST_SPREAD = 0.0005  # half of a tenth of a point
TWICE = 2  # how much other exams and other suppositions differ


def notes(exam: PlannedExam) -> Iterator[str]:
    """Yield the sentences below the table."""
    if exam.study.exam_missing:
        yield f"{exam.study.examiner.name} has yet to write this exam; it may have fewer questions."
    yield _own(exam)
    yield _about(exam.trainings)
    yield from _needed(exam)
    if exam.seen(exam.pairings[0]) is not None and exam.sizes.mean > 1:
        yield _more_questions(exam)
    yield from _otherwise(exam)
    questions = exam.study.material.questions
    if without_fact := sum(not question.fact for question in questions):
        yield (
            f"{number(without_fact)} of {counted(len(questions), 'question')} name no fact, so each of them counts as a fact of "
            "its own. If several of them ask the same, differences must be larger than the table says."
        )


def size(sizes: FactSizes) -> str:
    """Write the size of an exam: 90 questions on 30 facts."""
    return f"{counted(round(sizes.questions), 'question')} on {counted(round(sizes.facts), 'fact')}"


def points(difference: float | None) -> str:
    """Write a difference: 5.0 points."""
    return "none" if difference is None else f"{100 * difference:.1f} points"


def share(part: float) -> str:
    """Write a share with up to three digits: 50%, 57.8%."""
    return f"{100 * part:.3g}%"


def _own(exam: PlannedExam) -> str:
    """Say what the exam sees with this command's trainings."""
    first, *others = exam.pairings
    start = f"This exam ({size(exam.sizes)}) with {_trainings(exam.trainings)}"
    least = exam.seen(first)
    if least is None:
        reason = f": {_allowed(exam.supposed.numbers)}" if exam.supposed.numbers.largest < 1 else ", however large"
        return f"{start} sees no difference between {first.name}{reason}."
    sentence = f"{start} sees differences between {first.name} from {points(least)}."
    if others and others[0].name == first.name:
        family = f"{number(others[0].tests)} such pairs, and none of the others is decided"
        corrected = exam.seen(others[0])
        sentence += f" If they are one of {family}: {'none' if corrected is None else f'from {points(corrected)}'}."
    return sentence


def _about(trainings: int) -> str:
    """Say what a verdict is about."""
    if trainings == 1:
        return "With 1 training, a verdict is about these trained models. With seeds=3 or more it is about the methods."
    return f"With {trainings} trainings, a verdict is about the methods: other trainings are expected to show it too."


def _needed(exam: PlannedExam) -> Iterator[str]:
    """Say how many facts or trainings show the margin."""
    pairing, *others = exam.pairings
    least = exam.study.settings.margin / 100
    wanted = margin(least)
    own = exam.seen(pairing)
    if own is not None and own <= least:
        yield f"So it sees {wanted}."
        return
    if not exam.design(pairing).allows(least):
        yield f"No exam sees {wanted}: {_allowed(exam.supposed.numbers)}. Set a smaller margin, or suppose.accuracy."
        return
    counts = sorted({*TRAININGS, exam.trainings})
    facts = {count: exam.design(pairing, count).facts_needed(least, exam.error) for count in counts}
    each = f" of {number(exam.sizes.mean, 1)} questions" if exam.sizes.mean > 1 else ""
    parts = [f"about {rounded(many)} facts{each} with {_trainings(count)}" for count, many in facts.items() if many]
    never = [_trainings(count) for count, many in facts.items() if not many]
    sentence = f"To see {wanted} between {pairing.name}, it needs {', or '.join(parts)}." if parts else ""
    if never:
        subject = f"With {listed(never)}, no number of facts" if parts else f"To see {wanted}, no number of facts"
        sentence += f"{' ' if parts else ''}{subject} (up to {number(MOST_FACTS)}) is enough: trainings differ too much."
    if others and others[0].name == pairing.name:
        corrected = exam.design(others[0]).facts_needed(least, exam.error)
        many = f"about {rounded(corrected)} facts{each}" if corrected else "no number of facts is enough"
        sentence += f" For one of {number(others[0].tests)} such pairs with {_trainings(exam.trainings)}: {many}."
    yield sentence
    enough = exam.design(pairing).trainings_needed(least, exam.error)
    yield (
        f"On this exam as it is, {number(enough)} trainings of each arm (seeds={enough}) see {wanted}."
        if enough
        else f"On this exam as it is, no number of trainings (up to {MOST_TRAININGS}) sees {wanted}."
    )


def _more_questions(exam: PlannedExam) -> str:
    """Compare more questions on the same facts with more facts."""
    pairing = exam.pairings[0]
    deeper, wider = exam.sizes.times(questions=TWICE), exam.sizes.times(TWICE)
    by_questions, by_facts = (exam.seen(pairing, sizes=sizes) for sizes in (deeper, wider))
    return (
        f"More facts help more than more questions on the same facts: {size(wider)} see differences from {points(by_facts)}, "
        f"{size(deeper)} {'none' if by_questions is None else f'from {points(by_questions)}'}."
    )


def _allowed(numbers: Suppositions) -> str:
    """Say which differences an accuracy allows."""
    return f"at an average accuracy of {share(numbers.accuracy)}, two arms differ by at most {points(numbers.largest)}"


def _otherwise(exam: PlannedExam) -> Iterator[str]:
    """Say what other suppositions would change."""
    design, error = exam.design(exam.pairings[0]), exam.error
    numbers = exam.supposed.numbers
    others = [
        (f"at an accuracy of {share(accuracy)}", replace(numbers, accuracy=accuracy))
        for accuracy in ACCURACIES
        if accuracy != numbers.accuracy
    ]
    if exam.trainings > 1:
        others += [
            (f"if trainings differ by {points(spread)}", replace(numbers, spread=spread))
            for spread in _other_spreads(numbers.spread)
        ]
    seen = [(words, replace(design, supposed=other).detectable(error)) for words, other in others]
    parts = [f"{words} from {points(least)}" for words, least in seen if least is not None]
    never = [words for words, least in seen if least is None]
    if parts:
        none = f"; none {listed(never)}" if never else ""
        yield (
            f"With other suppositions it sees differences {', '.join(parts)}{none}. suppose.accuracy=70 sets the accuracy for "
            "the whole table."
        )


def _other_spreads(spread: float) -> tuple[float, ...]:
    """Return spreads of trainings to set beside one."""
    return (DEFAULTS.spread,) if unnoticed(spread) else (spread / TWICE, spread * TWICE)


def unnoticed(spread: float) -> bool:
    """Return True if a spread is printed as 0.0 points."""
    return spread < LEAST_SPREAD


def _trainings(count: int) -> str:
    return counted(count, "training")
