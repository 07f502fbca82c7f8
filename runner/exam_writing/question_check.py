"""Questions and sections in, the reasons to drop questions out."""

import re
from collections.abc import Mapping, Sequence

from runner.data.records import Question, Section
from runner.data.refusals import is_refusal, reason_to_drop
from runner.data.templates import fill
from runner.data.text import normal
from runner.grader.match import passes
from runner.method.asking import Inquiry, ask
from runner.method.forms import Pair, whole_number
from runner.method.reading import Reading
from runner.method.templates import named, numbered
from runner.model import Model

# What the second request may find in place of an answer, as conf/exam/written.yaml asks for it.
FOUND = {
    "not stated": "not answered by its section",
    "given away": "answered by itself",
    "several": "several right answers",
}
_YES_OR_NO = {"yes", "no", "true", "false"}


def fault_at_sight(question: Question, longest: int) -> str:
    """Return the reason to drop a question unasked, or nothing."""
    if reason := reason_to_drop(question.question, question.answer, longest):
        return reason
    if is_refusal(question.question):
        return "refusal"
    if normal(question.answer) in _YES_OR_NO:
        return "answered by yes or no"
    if f" {normal(question.answer)} " in f" {normal(question.question)} ":
        return "answered by itself"
    return ""


def checked(
    groups: Sequence[Sequence[Question]], sections: Mapping[str, Section], prompt: str, tokens: int, again: int, examiner: Model
) -> tuple[dict[str, str], int]:
    """Ask about each question a second time.

    The questions of a group belong to one section, and are checked by one request. Return the reason to drop each question, by
    its id, or nothing; and how often a reply had to be asked for again.
    """
    asked = [group for group in groups if group]
    inquiries = []
    for group in asked:
        section = sections[group[0].section]
        questions = numbered([question.question for question in group])
        text = fill(prompt, **named(section), text=section.text, questions=questions)
        inquiries.append(Inquiry(text, entries=len(group)))
    readings = ask(examiner, inquiries, Pair, tokens, again)
    faults = {
        question.id: _fault(question, answers.get(number, ""))
        for group, answers in zip(asked, map(_answers, asked, readings), strict=True)
        for number, question in enumerate(group, 1)
    }
    return faults, sum(reading.retries for reading in readings)


def _answers(group: Sequence[Question], reading: Reading[Pair]) -> dict[int, str]:
    """Return the answers of a reply, by the question's number."""
    words = {normal(question.question): number for number, question in enumerate(group, 1)}
    answers = dict[int, str]()
    for pair in reading.entries:
        # Small models repeat the question, with or without its number.
        text = re.sub(r"^\s*\d+[.)]\s*(?=\S)", "", pair.question)
        number = whole_number(pair.question) or words.get(normal(text))
        if number:
            answers.setdefault(number, pair.answer.strip())
    return answers


def _fault(question: Question, answer: str) -> str:
    if not answer:
        return "not checked"
    words = normal(answer)
    if reason := next((reason for mark, reason in FOUND.items() if words.startswith(mark)), ""):
        return reason
    agrees = passes(answer, (question.answer, *question.aliases), question=question.question)
    return "" if agrees else "its section gives another answer"
