"""A corpus in, the exam that a model writes out."""

from collections.abc import Callable
from functools import partial

from runner.comparison.words import counted
from runner.data.exam_set import ExamSet
from runner.data.ledger_words import in_words
from runner.data.records import AtomicFact, Material, Question
from runner.errors import Fault
from runner.exam_writing.fact_order import FactOrder
from runner.exam_writing.question_writing import QuestionWriting
from runner.exam_writing.writing_settings import WritingSettings
from runner.method.fact_listing import FactListing
from runner.method.templates import purpose_of
from runner.model import Model

ENOUGH = 20  # facts in a row without a question, after which no more are asked about


def write_questions(material: Material, settings: WritingSettings, examiner: Model, sizes: tuple[int, int], seed: int) -> ExamSet:
    """Write exam and practice about so many facts each.

    A larger exam asks about no fact that a smaller one left to practice, unless no other is left. Raise a Fault if no question
    can be used.
    """
    listing = FactListing(settings.facts_prompt, settings.filter_prompt, settings.reply_tokens, settings.again)
    order = FactOrder(material, listing, examiner, seed)
    sections = {section.id: section for section in material.sections}
    writing = QuestionWriting(settings, sections, material.labels, purpose_of(material), examiner)
    exam = _gathered(partial(order.take, practice=False), writing, sizes[0])
    practice = _gathered(partial(order.take, practice=True), writing, sizes[1])
    ledgers = (order.tally.close(), writing.tally.close())
    counts = "; ".join(map(in_words, ledgers))
    if not exam:
        raise Fault(
            f"exam=written: {examiner.name} wrote no question that can be used. {counts}.{writing.example} Choose "
            "another model (model@examiner=...), or exam=cloze, which needs none. Its replies are kept, and the same "
            f"command takes them again. If it answers better now, ask it again with exam.seed={seed + 1}"
        )
    shortages = [_shortage(groups, size, settings) for groups, size in zip((exam, practice), sizes, strict=True)]
    notes = [f"{name}{text}; {counts}" for name, text in zip(("", "practice: "), shortages, strict=True) if text]
    return ExamSet(
        questions=tuple(question for group in exam for question in group),
        practice=tuple(question for group in practice for question in group),
        ledgers=ledgers,
        origin=f"written by {examiner.name}, not checked by a person",
        notes=tuple(notes),
    )


def _shortage(groups: list[list[Question]], size: int, settings: WritingSettings) -> str:
    """Say that there are fewer questions than asked for."""
    if len(groups) < size:
        return f"{counted(len(groups), 'fact')} with questions that pass the check, and {size} were asked for"
    count, wanted = sum(map(len, groups)), size * settings.questions
    short = sum(len(group) < settings.questions for group in groups)
    return f"{count} questions pass the check, and {wanted} were asked for: fewer about {counted(short, 'fact')}" if short else ""


def _gathered(take: Callable[[int], list[AtomicFact]], writing: QuestionWriting, size: int) -> list[list[Question]]:
    """Go on with further facts until so many have questions."""
    groups, without = list[list[Question]](), 0
    # An examiner that can't do it would be paid for every fact of the corpus.
    while without < ENOUGH and (missing := size - len(groups)) and (facts := take(missing)):
        new = [group for group in writing.write(facts) if group]
        groups += new
        without = 0 if new else without + len(facts)
    return groups
