"""baseline=rag: questions in, prompts with retrieved passages out.

This is retrieval-augmented generation (RAG): the untuned model reads passages that a retriever found for the question. The prompt
of RAG is the setting `prompt`; its text is in conf/baseline/rag.yaml.
"""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Passage, Question, Request, Section, chat
from runner.data.templates import fill
from runner.retriever import Retriever


@component
class Rag:
    """The untuned model, prompted with passages.

    `prompt` has a place for {passages} and for {question}. `passage` has one for a passage's {text} and one for its {source}:
    title and headings.
    """

    retrieves: ClassVar[bool] = True
    later: ClassVar[frozenset[str]] = frozenset({"passage"})

    prompt: str
    passage: str = "{text}"
    instruction: str
    reply_tokens: PositiveInt

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Request]:
        """Write prompts with passages and question."""
        retrieved = retriever.find([question.question for question in questions], sections)
        return [self._asked(question.question, passages) for question, passages in zip(questions, retrieved, strict=True)]

    def shortened(self, question: Question, request: Request) -> Request:
        """Write a prompt without its worst passage."""
        return self._asked(question.question, request.passages[:-1])

    def _asked(self, question: str, passages: tuple[Passage, ...]) -> Request:
        """Fill the prompt."""
        # The best passage comes last, next to the question: models use what is near the question best.
        shown = [fill(self.passage, source=passage.source, text=passage.text) for passage in reversed(passages)]
        text = fill(self.prompt, question=question, passages="\n".join(shown))
        return Request(prompt=chat(text, self.instruction, self.reply_tokens), passages=passages)
