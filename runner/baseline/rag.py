"""Retrieval-augmented generation: the untuned model, with passages found for each question in its prompt."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Asked, Passage, Question, Section, chat
from runner.retriever import Retriever


@component
class Rag:
    """Fills `prompt` with the passages, the best one last, next to the question."""

    retrieves: ClassVar[bool] = True

    prompt: str
    instruction: str
    reply_tokens: PositiveInt

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Asked]:
        """Passages and question in one prompt."""
        found = retriever.find([question.question for question in questions], sections)
        return [self._asked(question.question, passages) for question, passages in zip(questions, found, strict=True)]

    def _asked(self, question: str, passages: tuple[Passage, ...]) -> Asked:
        values = {"question": question, "passages": "\n".join(passage.text for passage in reversed(passages))}
        text = re.sub(r"\{(question|passages)\}", lambda match: values[match[1]], self.prompt)
        return Asked(prompt=chat(text, self.instruction, self.reply_tokens), passages=passages)
