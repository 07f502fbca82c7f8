"""Grading by rules and by a model: answers in, the judge's verdict out where the rules leave a doubt.

Most mistakes of `match` are right answers that it fails, and it reads long answers worst. So the judge is asked where `match`
fails, and where an answer is long. The verdict on any other answer is that of `match`, and costs nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import NonNegativeInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.records import Answer, Grade, Question
from runner.grader.judge import Judge, pieces
from runner.grader.match import Match
from runner.model import Model


@component
class Both:
    """A grader by `match` and, in doubt, by a judge.

    Doubtful is an answer that `match` fails, or that has more than `long` words. `Grade.by` says who gave a verdict.
    """

    asks: ClassVar[bool] = True
    incidental: ClassVar[frozenset[str]] = frozenset({"judge.floor"})

    match: Match
    judge: Judge
    long: NonNegativeInt

    @property
    def floor(self) -> float | None:
        """The least share of verdicts that are those of people."""
        return self.judge.floor

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by `match`, then ask about doubtful answers.

        A grade is None if the judge was asked and gave no readable verdict.
        """
        texts = {answer.question: answer.text for answer in answers}
        matched = {grade.question: grade for grade in self.match.grade(questions, answers, judge)}
        # An empty answer fails in any case, so nobody is paid for saying so.
        doubtful = [
            question
            for question in questions
            if (text := texts[question.id]).strip() and (not matched[question.id].passed or len(pieces(text)) > self.long)
        ]
        judged = {grade.question: grade for grade in self.judge.grade(doubtful, answers, judge)}
        return [
            replace(judged[question.id], by="judge") if question.id in judged else replace(matched[question.id], by="match")
            for question in questions
        ]

    def ask_always(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by the judge alone."""
        return self.judge.grade(questions, answers, judge)

    def unread(self, grades: Sequence[Grade]) -> str:
        """Say how many answers the judge gave no verdict on."""
        return self.judge.unread([grade for grade in grades if grade.by == "judge"])

    def guesses(self) -> Guesses:
        """Return the likely replies of the judge, for a forecast."""
        return self.judge.guesses()
