"""baseline=base: questions in, prompts with the question alone out."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Question, Request, Section, chat
from runner.retriever import Retriever


@component
class Base:
    """The untuned model, prompted exactly as a tuned one is.

    So their difference is due to tuning alone.
    """

    retrieves: ClassVar[bool] = False

    instruction: str
    reply_tokens: PositiveInt

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Request]:
        """Write prompts with the question alone."""
        # `chat` writes the prompts of training and of the tuned model's exam too, so all three are the same word for word.
        return [Request(prompt=chat(question.question, self.instruction, self.reply_tokens)) for question in questions]
