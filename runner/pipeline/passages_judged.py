"""Passages of an arm in, verdicts on them out."""

from collections.abc import Mapping, Sequence

from runner.data.records import Answer, Label, Passage, Question, Section
from runner.data.text import normal
from runner.pipeline.results import Retrieval

WHOLE = 10**6  # words of the passages that are read: all


def on_the_question(questions: Sequence[Question], found: Retrieval) -> tuple[tuple[bool, ...], ...]:
    """Judge which passages are on their question.

    It is of the question's section, or states the question's fact where the exam names no section. A question that names neither
    has an empty entry.
    """
    ranked = {ranking.question: ranking.passages for ranking in found.rankings.value}
    facts = _facts([question for question in questions if question.fact and not question.section], ranked)
    return tuple(
        tuple(
            passage.section == question.section if question.section else question.cluster in facts[passage]
            for passage in ranked.get(question.question, ())
        )
        if question.section or question.fact
        else ()
        for question in questions
    )


def _facts(questions: Sequence[Question], ranked: Mapping[str, Sequence[Passage]]) -> Mapping[Passage, frozenset[str]]:
    """Return the facts of these questions that passages state."""
    if not questions:
        return {}
    # Imported here, since it loads scipy, and most exams name sections.
    from runner.exam_checks.fact_links import linked

    passages = list(dict.fromkeys(passage for question in questions for passage in ranked.get(question.question, ())))
    # By the rule that links labels to facts: a passage states a fact as the answer of a label does.
    labels = [
        Label(question="", answer=passage.text, method="", section=passage.section, category="", origin="", position=0)
        for passage in passages
    ]
    return dict(zip(passages, linked(labels, questions), strict=True))


def held_answers(questions: Sequence[Question], answers: Sequence[Answer]) -> tuple[bool, ...]:
    """Judge which prompts hold the answer.

    A passage must hold its words, or those of an alias, or pass by the rules of `match`. The result is empty for an arm without
    passages.
    """
    if not any(answer.passages for answer in answers):
        return ()
    return tuple(
        any(_holds(passage.text, (question.answer, *question.aliases)) for passage in answer.passages)
        for question, answer in zip(questions, answers, strict=True)
    )


def _holds(text: str, references: Sequence[str]) -> bool:
    # Imported here, since it loads the rules of `match`, and most commands need none.
    from runner.grader.match import passes

    # `match` reads a passage as a reply: it finds no claim of "75 minutes" in "a run that has not ended after 75 minutes", and
    # none of a word in a table, which only lists it.
    return any(_stands(reference, text) for reference in references) or passes(text, references, WHOLE)


def _stands(reference: str, text: str) -> bool:
    """Find a reference's words side by side in a text."""
    from runner.grader.spelling import LITTLE

    words = normal(reference)
    # "No" and "who" stand in passages that answer nothing. `match` knows when they do.
    return not LITTLE.issuperset({*words.split()} - {"yes", "no"}) and f" {words} " in f" {normal(text)} "


def places(answer: Answer, sections: Mapping[str, Section]) -> str:
    """Name section and place of each passage of an answer."""
    named = ((passage.section, sections.get(passage.section)) for passage in answer.passages)
    return "\n".join(f"{name} ({section.place})" if section and section.place else name for name, section in named)
