"""The untuned model, asked the bare question."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Asked, Question, Section, chat
from runner.retriever import Retriever


@component
class Base:
    """Asks exactly as a tuned model is asked."""

    retrieves: ClassVar[bool] = False

    instruction: str
    reply_tokens: PositiveInt

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Asked]:
        """The question alone."""
        return [Asked(prompt=chat(question.question, self.instruction, self.reply_tokens)) for question in questions]
