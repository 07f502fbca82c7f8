"""Practice questions in, replies that are preferred or rejected out.

The tuned model draws several answers to each question, and the grader divides them into right and wrong.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runner.config.study import Study
from runner.config.told_once import tell_once
from runner.data.records import HumanGrade, Question, Reply, Request, chat
from runner.data.templates import fill
from runner.data.training import Judged, Preference
from runner.pipeline.examined import why_measured
from runner.pipeline.executor import Executor
from runner.pipeline.practice import Practice
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint, Following, Output
from runner.pipeline.reviewing import grades, preferences
from runner.pipeline.student_replies import Draw, replies, verdicts
from runner.refine import LearnsPreferences


@dataclass(frozen=True, kw_only=True)
class JudgedReplies(Following):
    """Everything that a training on preferences may learn of."""

    preferences: Sequence[Preference]
    judged: Sequence[Judged]
    counts: str = ""  # a sentence: how many answers were right and wrong


def judged_replies(
    study: Study,
    executor: Executor,
    refine: LearnsPreferences,
    tuned: Output[Checkpoint],
    practice: Practice,
    seed: int,
) -> JudgedReplies:
    """Judge a model's own answers, and add people's judgements."""
    people = people_judgements(study)
    if not refine.samples:
        return people
    questions = practice.questions
    asked = [question for question in questions for _ in range(refine.samples)]
    requests = [
        # Each attempt is a request of its own, or a forecast would count one.
        Request(prompt=replace(bare_prompt(study, question.question), attempt=number % refine.samples))
        for number, question in enumerate(asked)
    ]
    own = replies(study, executor, tuned, asked, requests, Draw(refine.temperature, seed))
    passed = verdicts(study, executor, asked, own)
    right, wrong = (_by_question(asked, own.value, passed.value, verdict) for verdict in (True, False))
    after: list[Output[Any]] = [own, passed]
    counts = (
        f"{practice.source}: of {len(asked)} answers {passed.value.count(True)} were right and {passed.value.count(False)} wrong"
    )
    if refine.chosen == "label":
        right = {question.id: [question.answer] for question in questions}
    elif refine.chosen == "passage":
        shown, graded_shown, right = _with_passages(study, executor, refine, tuned, questions)
        after += [shown, graded_shown]
        counts += f"; with the passage {graded_shown.value.count(True)} of {len(graded_shown.value)} were right"
    prompts = [
        (bare_prompt(study, question.question), right.get(question.id, []), wrong.get(question.id, [])) for question in questions
    ]
    pairs = [Preference(prompt, *pair) for prompt, good, bad in prompts for pair in _pairs(good, bad)]
    judged = [Judged(prompt, *each) for prompt, good, bad in prompts for each in _single(good, bad)]
    return JudgedReplies(preferences=[*people.preferences, *pairs], judged=[*people.judged, *judged], after=after, counts=counts)


def people_judgements(study: Study) -> JudgedReplies:
    """Return the preferences and grades that people wrote.

    Those of questions that are measured are left out, and counted in the log.
    """
    pairs, marks = preferences(study), _learned_grades(study)
    # Most grades are of answers to the exam, for the agreement of graders. Nothing is learned of these.
    questions = [*(pair.question for pair in pairs), *(grade.question.question for grade in marks)]
    reasons = why_measured(study, questions)
    _tell(study, reasons)
    preferred = [
        Preference(bare_prompt(study, pair.question), pair.chosen, pair.rejected)
        for pair, reason in zip(pairs, reasons, strict=False)
        if not reason
    ]
    judged = [
        Judged(bare_prompt(study, grade.question.question), grade.answer, grade.passed)
        for grade, reason in zip(marks, reasons[len(pairs) :], strict=True)
        if not reason
    ]
    return JudgedReplies(preferences=preferred, judged=judged)


def learned_of_people(study: Study) -> Sequence[Judged]:
    """Return the replies of people's judgements that a study learns."""
    refine = study.refine
    if not isinstance(refine, LearnsPreferences):
        return ()
    people = people_judgements(study)
    return refine.lessons(people.preferences, people.judged)


def _tell(study: Study, reasons: Sequence[str]) -> None:
    """Log the preferences and grades that are left out."""
    counts = Counter(filter(None, reasons))
    if counts:
        name, listed = study.choices["refine"], ", ".join(f"{count} {reason}" for reason, count in counts.items())
        words = "preferences and grades by people are not learned, since their questions are measured"
        tell_once(f"refine={name}: {counts.total()} of {len(reasons)} {words}: {listed}", logging.INFO)


def _learned_grades(study: Study) -> Sequence[HumanGrade]:
    # Those of reviewers are learned from only where the study uses reviews.
    return grades(study) if study.review.applies else study.material.grades


def _with_passages(
    study: Study, executor: Executor, refine: LearnsPreferences, tuned: Output[Checkpoint], practice: Sequence[Question]
) -> tuple[Output[Sequence[Reply]], Output[Sequence[bool | None]], dict[str, list[str]]]:
    """Let the tuned model answer with sections in prompts.

    Return the replies, their verdicts, and the right ones by question.
    """
    sections = {section.id: section.text for section in study.material.sections}
    asked = [question for question in practice if question.section in sections]
    settings = study.settings
    prompts = (fill(refine.prompt, question=question.question, passage=sections[question.section]) for question in asked)
    requests = [Request(prompt=chat(prompt, settings.instruction, settings.reply_tokens)) for prompt in prompts]
    shown = replies(study, executor, tuned, asked, requests)
    passed = verdicts(study, executor, asked, shown)
    return shown, passed, _by_question(asked, shown.value, passed.value, True)


def _by_question(
    questions: Sequence[Question], given: Sequence[Reply], passed: Sequence[bool | None], verdict: bool
) -> dict[str, list[str]]:
    """Return the different replies of a verdict, by question.

    A reply that was cut, or is empty, is left out: to learn it would be to end in the middle of a sentence.
    """
    chosen: dict[str, dict[str, None]] = {}
    for question, reply, each in zip(questions, given, passed, strict=True):
        if each is verdict and reply.text and reply.finish != "length":
            chosen.setdefault(question.id, {})[reply.text] = None
    return {name: list(texts) for name, texts in chosen.items()}


def _single(right: Sequence[str], wrong: Sequence[str]) -> Iterator[tuple[str, bool]]:
    yield from ((reply, True) for reply in right)
    yield from ((reply, False) for reply in wrong)


def _pairs(right: Sequence[str], wrong: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair each wrong reply with a right one, in turns."""
    for place, reply in enumerate(wrong if right else ()):
        # The label's own words may be among the wrong replies, if a judge says so. Nothing can be preferred to itself.
        if (preferred := right[place % len(right)]) != reply:
            yield preferred, reply
