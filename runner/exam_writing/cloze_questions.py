"""Sentences in, questions about gaps in them out."""

from collections import Counter, defaultdict

from runner.data.records import Ledger, Material, Question, Section, digest
from runner.data.text import normal
from runner.exam_writing.drawing import drawn, in_turns, shuffled
from runner.exam_writing.gaps import Gap, gaps, prose
from runner.exam_writing.label_leaks import like_a_label


def cloze_questions(material: Material, facts: int, each: int, seed: int, near: float) -> tuple[tuple[Question, ...], Ledger]:
    """Make up to `each` questions about each of `facts` sentences.

    Sentences are read facts and whole sentences of sections. A gap is left out if its answer stands in the rest of the question,
    if another sentence asks the same and has another answer, or if it resembles a label of `material` as much as `near`.
    """
    sentences = in_turns([_sentences(section, material, seed) for section in drawn(material.sections, seed)])
    reasons, asked = Counter[str](), dict[str, list[Question]]()
    for section, sentence in sentences:
        for gap in gaps(sentence):
            if gap.given_away(_place(section)):
                reasons["the question holds its answer"] += 1
            else:
                asked.setdefault(sentence, []).append(_question(section, gap))
    made = [question for questions in asked.values() for question in questions]
    answers = defaultdict[str, set[str]](set)
    for question in made:
        answers[normal(question.question)].add(normal(question.answer))
    leaked, questions, seen, about = like_a_label(made, material.labels, near), list[Question](), set[str](), 0
    for several in asked.values():
        kept = list[Question]()
        for question in several:
            words = normal(question.question)
            if len(answers[words]) > 1:
                reasons["several answers"] += 1
            elif question.id in leaked:
                reasons["like a label"] += 1
            elif words in seen:
                reasons["duplicate"] += 1
            elif len(kept) == each or about == facts:
                reasons["more than asked for"] += 1
            else:
                kept.append(question)
                seen.add(words)
        questions += kept
        about += bool(kept)
    ledger = Ledger(stage="exam", requested=len(questions) + reasons.total(), kept=len(questions), filtered=dict(reasons))
    return tuple(questions), ledger


def _sentences(section: Section, material: Material, seed: int) -> list[tuple[Section, str]]:
    """Return a section's sentences and read facts, in random order."""
    read = [fact.text for fact in material.facts if fact.section == section.id]
    return [(section, text) for text in shuffled(dict.fromkeys([*read, *prose(section)]), seed)]


def _place(section: Section) -> str:
    """Name where a sentence stands: the document, then its headings."""
    parts = [section.title, *([section.heading] if section.heading != section.title else [])]
    return " > ".join(filter(None, parts))


def _question(section: Section, gap: Gap) -> Question:
    question = f"{_place(section)}: {gap.text} What stands in the gap?"
    return Question(
        id=digest([question, gap.start])[:12],
        question=question,
        answer=gap.answer,
        category=section.category,
        section=section.id,
        fact=gap.sentence,
    )
