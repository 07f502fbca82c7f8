"""Grading by a model that is given a test prompt and says PASS or FAIL, nothing between."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.model import Model
from runner.records import Answer, Grade, Message, Prompt, Question


@component
class Judge:
    """Fills `prompt` with question, references and answer; a verdict that can't be read is asked for `attempts` times."""

    asks: ClassVar[bool] = True

    prompt: str
    attempts: PositiveInt
    reply_tokens: PositiveInt

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Pass, fail, or None where no attempt gave a verdict."""
        texts = {answer.question: answer.text for answer in answers}
        verdicts: dict[str, bool] = {}
        for attempt in range(self.attempts):
            open_questions = [question for question in questions if question.id not in verdicts]
            prompts = [self._prompt(question, texts[question.id], attempt) for question in open_questions]
            for index, reply in judge.ask(prompts):
                if (verdict := _verdict(reply.text)) is not None:
                    verdicts[open_questions[index].id] = verdict
        return [Grade(question=question.id, passed=verdicts.get(question.id)) for question in questions]

    def _prompt(self, question: Question, answer: str, attempt: int) -> Prompt:
        references = " / ".join((question.answer, *question.aliases))
        values = {"question": question.question, "reference": references, "answer": answer}
        text = re.sub(r"\{(question|reference|answer)\}", lambda match: values[match[1]], self.prompt)
        return Prompt(messages=(Message(role="user", content=text),), tokens=self.reply_tokens, attempt=attempt)


def _verdict(reply: str) -> bool | None:
    """The last standalone PASS or FAIL of a reply, in capitals or not."""
    found = re.findall(r"\b(pass|fail)\b", reply, re.IGNORECASE)
    return found[-1].lower() == "pass" if found else None
