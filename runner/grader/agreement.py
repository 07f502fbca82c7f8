"""Agreement of graders: two graders' grades in, Cohen's kappa out.

A grader is compared with people, or with `match`.
"""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import Agreement
from runner.data.records import Answer, Grade, HumanGrade, Question
from runner.grader import Grader
from runner.grader.match import passes
from runner.model import Model
from runner.statistics import kappa


def with_people(name: str, grader: Grader, judge: Model, markings: Sequence[HumanGrade]) -> Agreement | None:
    """Compare a grader with people who graded the same answers.

    `name` is the grader's name in the report. Return None without markings, or if one side gave only one kind of grade.
    """
    if not markings:
        return None
    # People may grade several answers to one question, but a grader takes one answer for each id. So each gets an id of its own.
    questions = [replace(marking.question, id=str(place)) for place, marking in enumerate(markings)]
    answers = [Answer(question=question.id, text=marking.answer) for question, marking in zip(questions, markings, strict=True)]
    grades = [grade.passed for grade in grader.grade(questions, answers, judge)]
    people = [marking.passed for marking in markings]
    return _agreement(f"{name} and people", [marking.question for marking in markings], grades, people)


def with_match(name: str, questions: Sequence[Question], answers: Sequence[Answer], grades: Sequence[Grade]) -> Agreement | None:
    """Compare a grader's grades with those of `match`.

    Answers and grades are in the same order, and may be those of several arms. Return None if one side gave only one kind of
    grade.
    """
    by_id = {question.id: question for question in questions}
    answered = [by_id[answer.question] for answer in answers]
    # `match` costs nothing, so it can check every answer of a sweep, where people check a few.
    matched = [
        passes(answer.text, (question.answer, *question.aliases)) for answer, question in zip(answers, answered, strict=True)
    ]
    return _agreement(f"{name} and match", answered, [grade.passed for grade in grades], matched)


def _agreement(
    graders: str, questions: Sequence[Question], first: Sequence[bool | None], second: Sequence[bool | None]
) -> Agreement | None:
    """Compute kappa, with questions about one fact as a cluster."""
    # Answers to questions about the same fact are not independent, and neither are answers to the same question.
    agreement = kappa(first, second, [question.cluster for question in questions])
    both = sum(None not in grades for grades in zip(first, second, strict=True))
    return Agreement(graders=graders, questions=both, kappa=agreement) if agreement else None
