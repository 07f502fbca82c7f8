"""Grading by a model: answers in, PASS or FAIL of a judge out.

The prompt is in conf/grader/judge.yaml. An answer cannot give orders to the judge, and a reply is read by rules: see
`runner.data.pass_or_fail`.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.guesses import Guesses
from runner.data.pass_or_fail import PassGuesses, ask_until_read, tagged, unread_advice
from runner.data.records import Answer, Grade, Message, Prompt, Question
from runner.data.templates import with_places
from runner.model import Model

log = logging.getLogger("runner")


@component
class Judge:
    """A judge that decides by the majority of `votes` replies.

    A vote that cannot be read is asked for again, `attempts` times in all; then it is missing. Of an answer only the first
    `words` words are shown.
    """

    asks: ClassVar[bool] = True
    version: ClassVar[int] = 5  # 5: what a reply calls its verdict decides
    incidental: ClassVar[frozenset[str]] = frozenset({"floor"})  # it refuses a judge, and changes no grade

    prompt: Annotated[str, with_places("question", "reference", "answer")]
    votes: PositiveInt
    attempts: PositiveInt
    words: PositiveInt
    reply_tokens: PositiveInt
    floor: Annotated[float, Field(ge=0, le=1)] | None

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by the majority of the votes.

        A grade is None if no vote could be read, or if there are as many of one kind as of the other.
        """
        texts = {answer.question: answer.text for answer in answers}
        messages = [self._messages(question, texts[question.id]) for question in questions]

        def prompt(ballot: int, attempt: int) -> Prompt:
            place, vote = divmod(ballot, self.votes)
            # The attempt makes each vote a request of its own: replies are kept by request, and the same request would return
            # the same vote. Its remainder by `votes` stays the vote's number, and a panel (model@judge=panel) chooses its member
            # by that. So a vote that is asked for again goes to the same member.
            return Prompt(messages=messages[place], tokens=self.reply_tokens, attempt=attempt * self.votes + vote)

        ballots = ask_until_read(judge.ask, prompt, len(questions) * self.votes, self.attempts)
        # Votes that the others outvote. Answers without any verdict are told by `unread`.
        if self.votes > 1 and (lost := sum(passed is None for passed, _ in ballots)):
            log.warning("%d of %d votes of the judge can't be read, and do not count", lost, len(ballots))
        grades = []
        for place, question in enumerate(questions):
            votes = ballots[place * self.votes : (place + 1) * self.votes]
            passed = _majority(verdict for verdict, _ in votes)
            # The words of the first vote with this verdict; without a verdict, those of the first vote that could not be read.
            why = next((text for vote, text in votes if vote == passed), "")
            grades.append(Grade(question=question.id, passed=passed, why=why))
        return grades

    def unread(self, grades: Sequence[Grade]) -> str:
        """Say how many answers have no verdict, and why."""
        if not (missing := [grade for grade in grades if grade.passed is None]):
            return ""
        advice = unread_advice(missing, "grader", tied=self.votes > 1)
        return f"{len(missing)} of {len(grades)} answers have no verdict of the judge that can be read. {advice}"

    def guesses(self) -> Guesses:
        """Return the likely replies of a judge, for a forecast."""
        return PassGuesses("The answer names the same place as the reference, in other words.")

    def _messages(self, question: Question, answer: str) -> tuple[Message, ...]:
        """Fill the prompt."""
        references = "\n".join((question.answer, *question.aliases))
        texts = {"question": question.question, "reference": references, "answer": _cut(answer, self.words)}
        return (Message(role="user", content=tagged(self.prompt, texts)),)


def pieces(text: str) -> list[str]:
    """Split a text into its words.

    At most 20 characters count as a word, so that a text without spaces has several.
    """
    return re.findall(r"\s?\S{1,20}", text)


def _cut(text: str, words: int) -> str:
    """Return the first words of a text."""
    parts = pieces(text)
    return "".join(parts[:words]).strip() + (" […]" if len(parts) > words else "")


def _majority(votes: Iterable[bool | None]) -> bool | None:
    """Return the verdict of most votes; None for a tie."""
    lead = sum((vote is True) - (vote is False) for vote in votes)
    return lead > 0 if lead else None
