"""Grading by words and values: answers in, pass or fail by rules out.

An answer passes if it claims the reference, or an alias. The rules, each with examples that a test runs, are in
docs/grading.md. Each module of this package holds some of them.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Answer, Grade, Question
from runner.grader.claims import Answered
from runner.grader.lists import only_lists, repeats_choice
from runner.grader.questions import asked
from runner.grader.reading import read
from runner.grader.references import forms, items, names
from runner.grader.spelling import LITTLE
from runner.grader.statements import asks_yes_or_no, stated, yes_or_no
from runner.grader.terms import Term
from runner.model import Model

_PLACEHOLDER = "_ᚠ"  # a word that is in no answer
_LONGEST = 20_000  # characters that are read


def passes(answer: str, references: Sequence[str], longest: int = 300, question: str = "") -> bool:
    """Return True if an answer claims a reference.

    Only the first `longest` words of the answer count.
    """
    # Each as a reference of its own: WHO by itself is no question word.
    references = (*references, *(name for reference in references for name in names(reference)))
    answered = Answered(read(answer[:_LONGEST], longest), asked(question), references)
    for reference in references:
        if not reference.strip():
            continue
        if not read(reference).terms:
            symbol = reference.strip()
            if passes(_with_placeholder(answer, symbol), (_PLACEHOLDER,), longest):
                return True
        elif _claims(answered, answer, reference):
            return True
    return False


def _claims(answered: Answered, answer: str, reference: str) -> bool:
    """Return True if an answer claims one reference."""
    question = answered.question
    right = yes_or_no(reference)
    # Another question may be answered by yes or no too, if its reference is one of them: "The reset is synchronous, is it not?"
    if right is not None and (asks_yes_or_no(question.text) or re.fullmatch(r"\W*(?:yes|no)\W*", reference, re.IGNORECASE)):
        stand = stated(question.text, answer)
        if stand is not None:
            return stand == right
        # "It is asynchronous" is as good as "No, it is asynchronous".
        reference = re.sub(r"^\W*\w+\W*", "", reference)
        if not any(term.word not in LITTLE and term.word not in question.stems for term in read(reference).terms):
            return False
    wanted = read(reference)
    if answered.text.source == wanted.source:
        return True
    parts = items(reference)
    if all(term.word in LITTLE for term in wanted.terms):
        together = _literally(answered.text.source, wanted.source)
    else:
        together = answered.may_have(reference) and _has(answered, reference, parts)
    if not together:
        return False
    others = [read(other).terms for other in answered.references if answered.may_have(other)]
    listed = only_lists(answered.text, [wanted.terms, *others], parts, question)
    return not listed and not any(repeats_choice(answered.text, part, question) for part in parts or (wanted.terms,))


def _has(answered: Answered, reference: str, parts: tuple[tuple[Term, ...], ...]) -> bool:
    """Return True if an answer claims a reference.

    It does so by one of its forms, by all its parts, or in other words.
    """
    question, wanted = answered.question, read(reference).terms
    exact = question.version or asked(reference).version
    if any(answered.claims(form, exact, wanted) for form in forms(reference, question.text)):
        return True
    return all(answered.claims(part, exact) for part in parts) if parts else answered.claims_loosely(wanted)


def _literally(source: str, reference: str) -> bool:
    """Return True for little words as they are written.

    "Who knows" is not The Who, and neither "us" nor "US Virgin Islands" is US.
    """
    if (name := reference.removeprefix("the ")).isupper():
        reference = name
    flags = 0 if reference.isupper() or " " in reference else re.IGNORECASE
    return bool(re.search(rf"(?<!\w){re.escape(reference)}(?![\w+#])(?! (?-i:[A-Z][a-z]))", source, flags))


def _with_placeholder(answer: str, symbol: str) -> str:
    """Replace a symbol by a placeholder word.

    Only a symbol that is by itself is replaced. The rules on words then apply to it too, such as "not &&".
    """
    # By itself: not part of a longer symbol (& in &&), and with a space, a quote or a bracket before it.
    first, last = re.escape(symbol[0]), re.escape(symbol[-1])
    alone = rf"""(?<!{first})(?<![^\s"'`“‘(*]){re.escape(symbol)}(?!{last})(?=["'`”’)*]*[.,;:!?]*(?:\s|$))"""
    return re.sub(alone, f" {_PLACEHOLDER} ", answer)


@component
class Match:
    """A grader that applies the rules of docs/grading.md.

    Only the first `words` words of an answer count.
    """

    asks: ClassVar[bool] = False
    version: ClassVar[int] = 10

    words: PositiveInt

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by words and values. The judge is not asked."""
        texts = {answer.question: answer.text for answer in answers}
        return [
            Grade(
                question=question.id,
                passed=passes(texts[question.id], (question.answer, *question.aliases), self.words, question.question),
            )
            for question in questions
        ]
