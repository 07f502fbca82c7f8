"""Sentences in, questions about gaps in them out."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from runner.data.records import Ledger, Material, Question, Section, digest
from runner.data.text import normal
from runner.exam_writing.drawing import drawn, in_turns, shuffled
from runner.exam_writing.gaps import Gap, gaps, prose
from runner.exam_writing.label_leaks import like_a_label

# A name in more than this share of the sections (and in so many) would be a right guess too often.
SHARE, FEW = 1 / 3, 3


def cloze_questions(material: Material, facts: int, each: int, seed: int, near: float) -> tuple[tuple[Question, ...], Ledger]:
    """Make up to `each` questions about each of `facts` sentences.

    Sentences are read facts and whole sentences of sections. A gap is left out if its answer stands in the rest of the question,
    if it is what most of the documents are about, if another sentence asks the same and has another answer, or if it resembles a
    label of `material` as much as `near`.
    """
    sentences = _sentences(material, seed)
    reasons, asked, subjects = Counter[str](), dict[str, list[Question]](), _subjects(sentences)
    for section, sentence, sentence_gaps in in_turns(sentences):
        for gap in sentence_gaps:
            if reason := _guessed(gap, section, subjects):
                reasons[reason] += 1
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


def _sentences(material: Material, seed: int) -> list[list[tuple[Section, str, list[Gap]]]]:
    """Return sentences and read facts by section, in random order."""
    read = defaultdict[str, list[str]](list)
    for fact in material.facts:
        read[fact.section].append(fact.text)
    return [
        [(section, text, gaps(text)) for text in shuffled(dict.fromkeys([*read[section.id], *prose(section)]), seed)]
        for section in drawn(material.sections, seed)
    ]


def _subjects(sentences: Sequence[list[tuple[Section, str, list[Gap]]]]) -> list[str]:
    """Return the names that many of the sections hold."""
    names = [{normal(gap.answer) for *_, there in section for gap in there if gap.is_name} for section in sentences]
    counts = Counter(name for section in names for name in section)
    return [name for name, count in counts.items() if count >= FEW and count > SHARE * sum(map(bool, names))]


def _guessed(gap: Gap, section: Section, subjects: Sequence[str]) -> str:
    """Return the reason why an answer shows no knowledge."""
    if gap.given_away(_place(section)):
        return "the question holds its answer"
    subject = gap.is_name and any(f" {name} " in f" {normal(gap.answer)} " for name in subjects)
    return "the subject of the documents" if subject else ""


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
