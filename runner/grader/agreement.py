"""A grader's grades beside people's, or beside those of `match`; how far the two agree out."""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import Agreement
from runner.data.records import Answer, Grade, Marking, Question
from runner.grader import Grader
from runner.grader.match import passes
from runner.model import Model
from runner.statistics import kappa


def with_people(name: str, grader: Grader, judge: Model, markings: Sequence[Marking]) -> Agreement | None:
    """How far the grader that people call `name` agrees with those who graded the same answers.

    None where it can't be told: there are no markings, or all the grades of one side are the same.
    """
    if not markings:
        return None
    questions = [replace(marking.question, id=str(place)) for place, marking in enumerate(markings)]  # one may stand often
    answers = [Answer(question=of.id, text=marking.answer) for of, marking in zip(questions, markings, strict=True)]
    grades = [grade.passed for grade in grader.grade(questions, answers, judge)]
    people = [marking.passed for marking in markings]
    return _agreement(f"{name} and people", [marking.question for marking in markings], grades, people)


def with_match(name: str, questions: Sequence[Question], answers: Sequence[Answer], grades: Sequence[Grade]) -> Agreement | None:
    """How far the grader that people call `name` agrees with `match` on the answers that it gave these grades.

    The answers, in the grades' order, may be those of several arms. None where all the grades of one side are the same.
    """
    asked = {question.id: question for question in questions}
    each = [asked[answer.question] for answer in answers]
    matched = [passes(answer.text, (of.answer, *of.aliases)) for answer, of in zip(answers, each, strict=True)]
    return _agreement(f"{name} and match", each, [grade.passed for grade in grades], matched)


def _agreement(
    graders: str, questions: Sequence[Question], first: Sequence[bool | None], second: Sequence[bool | None]
) -> Agreement | None:
    """Answers to questions about one fact may be graded alike, as may those to one question: they are a cluster."""
    found = kappa(first, second, [question.cluster for question in questions])
    both = sum(None not in grades for grades in zip(first, second, strict=True))
    return Agreement(graders=graders, questions=both, kappa=found) if found else None
