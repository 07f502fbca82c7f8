"""Agreement of graders: two verdicts on each answer in, Cohen's kappa out.

A grader is compared with people, or with `match`; over all answers, by their length, and by the arms that gave them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from runner.comparison.agreement import Agreement
from runner.data.records import Answer, Grade, HumanGrade, Question
from runner.grader import Grader, HasFloor
from runner.grader.both import Both
from runner.grader.judge import pieces
from runner.grader.match import Match
from runner.grader.unread import tell_unread
from runner.model import Model
from runner.statistics import interval, kappa

USUAL = Match(words=300)  # as in conf/grader/match.yaml
LONG = 12  # words; graders differ most on answers with more

# By the arm's name: the question's id and the text of each of its answers.
ArmAnswers = Mapping[str, Collection[tuple[str, str]]]


class TwoVerdicts(NamedTuple):
    """Two graders' verdicts on one answer."""

    question: str  # its id
    cluster: str  # its fact
    answer: str
    first: bool | None
    second: bool | None


def with_people(
    name: str, grader: Grader, judge: Model, markings: Sequence[HumanGrade], arms: ArmAnswers | None = None
) -> Agreement | None:
    """Compare a grader with people who graded the same answers.

    `name` is the grader's name in the report. Return None without markings.
    """
    if not markings:
        return None
    questions, answers = as_exam(markings)
    grades = grader.grade(questions, answers, judge)
    tell_unread(grader, grades)
    floor = grader.floor if isinstance(grader, HasFloor) else None
    return replace(beside_people(name, markings, grades, arms), floor=floor or 0)


def as_exam(markings: Sequence[HumanGrade]) -> tuple[list[Question], list[Answer]]:
    """Return what people graded as questions with one answer each."""
    # People may grade several answers to one question, but a grader takes one answer for each id. So each gets an id of its own.
    questions = [replace(marking.question, id=str(place)) for place, marking in enumerate(markings)]
    return questions, [Answer(question=str(place), text=marking.answer) for place, marking in enumerate(markings)]


def beside_people(
    name: str, markings: Sequence[HumanGrade], grades: Sequence[Grade], arms: ArmAnswers | None = None
) -> Agreement:
    """Compare a grader's grades with those of people."""
    verdicts = [
        TwoVerdicts(marking.question.id, marking.question.cluster, marking.answer, grade.passed, marking.passed)
        for marking, grade in zip(markings, grades, strict=True)
    ]
    return agreement(f"{name} and people", verdicts, arms)


def agreement(graders: str, verdicts: Sequence[TwoVerdicts], arms: ArmAnswers | None = None) -> Agreement:
    """Compare two graders over all answers and parts of them.

    Answers that one of them left ungraded do not count. A part is all short or all long answers, or those of an arm.
    """
    known = [verdict for verdict in verdicts if None not in (verdict.first, verdict.second)]
    short = [verdict for verdict in known if len(pieces(verdict.answer)) <= LONG]
    long = [verdict for verdict in known if len(pieces(verdict.answer)) > LONG]
    parts = {f"up to {LONG} words": short, f"more than {LONG} words": long}
    for arm, answers in (arms or {}).items():
        parts[f"of {arm}"] = [verdict for verdict in known if (verdict.question, verdict.answer) in answers]
    # A part that holds every answer says nothing new.
    shown = {name: _over(graders, part) for name, part in parts.items() if 0 < len(part) < len(known)}
    return replace(_over(graders, known), parts=shown)


def matched(grader: Grader, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[bool | None]:
    """Return the verdicts of `match` on answers to questions.

    They are in the order of the questions. Where the grader has a `match` of its own, it is that one. The judge is not asked.
    """
    match = grader.match if isinstance(grader, Both) else USUAL
    return [grade.passed for grade in match.grade(questions, answers, judge)]


def _over(graders: str, verdicts: Sequence[TwoVerdicts]) -> Agreement:
    """Count the verdicts of two graders, and compute kappa."""
    first, second = [verdict.first for verdict in verdicts], [verdict.second for verdict in verdicts]
    # Answers to questions about the same fact are not independent, and neither are answers to the same question.
    clusters = [verdict.cluster for verdict in verdicts]
    return Agreement(
        graders=graders,
        questions=len(verdicts),
        kappa=kappa(first, second, clusters) if verdicts else None,
        share=interval([verdict.first == verdict.second for verdict in verdicts], clusters) if verdicts else None,
        only_first=sum(verdict.first is True and verdict.second is False for verdict in verdicts),
        only_second=sum(verdict.first is False and verdict.second is True for verdict in verdicts),
    )
