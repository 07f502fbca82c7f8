"""Practice questions in, what a student missed out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from runner.config.study import Study
from runner.data.records import Label, Question
from runner.method.relabelling import FailedUnit, Missed
from runner.pipeline.executor import Executor
from runner.pipeline.prompts import exam_requests
from runner.pipeline.results import Checkpoint, Following, Output
from runner.pipeline.student_replies import Draw, replies, verdicts
from runner.refine import LabelsAgain

Answered = Sequence[tuple[str, bool | None]]  # the text and the verdict of each answer


@dataclass(frozen=True, kw_only=True)
class Practised(Following):
    """A student's practice."""

    questions: Sequence[Question]
    passed: Sequence[bool | None]  # of the likeliest answers
    missed: Mapping[str, Missed]  # by the question's id


def practise(
    study: Study, executor: Executor, student: Output[Checkpoint], questions: Sequence[Question], seed: int
) -> Practised:
    """Let a student answer greedily, and draw answers."""
    refine = cast(LabelsAgain, study.refine)
    requests = exam_requests(study, executor, questions)
    own = replies(study, executor, student, questions, requests.value)
    passed = verdicts(study, executor, questions, own)
    after: list[Output[Any]] = [own, passed]
    drawn = defaultdict[str, list[tuple[str, bool | None]]](list)
    if refine.samples:
        asked = [question for question in questions for _ in range(refine.samples)]
        further = [
            # Each attempt is a request of its own, also beside the likeliest answer, or a forecast would count one.
            replace(request, prompt=replace(request.prompt, attempt=attempt))
            for request in requests.value
            for attempt in range(1, refine.samples + 1)
        ]
        at_random = replies(study, executor, student, asked, further, Draw(refine.temperature, seed))
        of_random = verdicts(study, executor, asked, at_random)
        after += [at_random, of_random]
        for question, reply, verdict in zip(asked, at_random.value, of_random.value, strict=True):
            drawn[question.id].append((reply.text, verdict))
    practised = Practised(questions=questions, passed=passed.value, missed={}, after=after)
    if practised.guess:  # a forecast: nobody knows what will be missed, and an upper bound is counted
        return replace(practised, missed={question.id: _supposed(question) for question in questions})
    missed = {
        question.id: _missed(question, (reply.text, verdict), drawn[question.id], refine.sure)
        for question, reply, verdict in zip(questions, own.value, passed.value, strict=True)
    }
    return replace(practised, missed={name: each for name, each in missed.items() if each})


def _supposed(question: Question) -> Missed:
    return Missed(question=question.question, answer=question.answer, wrong=(question.answer,), right=0.0, failed=True)


def _missed(question: Question, likeliest: tuple[str, bool | None], drawn: Answered, sure: float) -> Missed | None:
    """Return what is told of a question; None if it is known."""
    # An answer without a verdict says nothing.
    graded = [verdict for _, verdict in drawn if verdict is not None]
    failed = likeliest[1] is False
    if not failed and not (graded and graded.count(True) < sure * len(graded)):
        return None
    every = [(text, verdict) for text, verdict in (likeliest, *drawn) if verdict is not None]
    wrong = dict.fromkeys(text.strip() for text, verdict in every if verdict is False and text.strip())
    right = sum(verdict is True for _, verdict in every) / len(every)
    return Missed(question=question.question, answer=question.answer, wrong=tuple(wrong), right=right, failed=failed)


def failed_units(study: Study, practised: Practised, labels: Sequence[Label]) -> list[FailedUnit]:
    """Group what was missed by fact or section, worst first.

    `labels` are all that there are, of which those on a unit are shown to the teacher.
    """
    sections = {section.id: section for section in study.material.sections}
    on_unit = defaultdict[tuple[str, str], list[Label]](list)
    for label in labels:
        on_unit[label.section, label.fact].append(label)
    missed = defaultdict[tuple[str, str], list[Missed]](list)
    categories: dict[tuple[str, str], str] = {}
    for question in practised.questions:
        # Practice questions of the exam's writer name facts also where the method labels sections.
        unit = question.section, "" if (question.section, "") in on_unit else question.fact
        if question.id in practised.missed and question.section in sections:
            missed[unit].append(practised.missed[question.id])
            categories.setdefault(unit, question.category)
    units = [
        FailedUnit(
            section=sections[unit[0]],
            fact=unit[1],
            method=on_unit[unit][0].method if on_unit[unit] else study.choices["method"],
            category=on_unit[unit][0].category if on_unit[unit] else categories[unit],
            missed=tuple(questions),
            earlier=tuple(on_unit[unit]),
        )
        for unit, questions in missed.items()
    ]
    return sorted(units, key=lambda unit: unit.need)  # stable: units with equal need stay in the order of the documents
