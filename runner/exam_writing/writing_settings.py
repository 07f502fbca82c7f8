"""The prompts and limits of an exam's requests, checked."""

from dataclasses import dataclass
from typing import Annotated

from runner.method.templates import with_places

FactsPrompt = Annotated[str, with_places("text")]
FilterPrompt = Annotated[str, with_places("purpose", "facts")]
QuestionsPrompt = Annotated[str, with_places("text", "fact", "questions")]
CheckPrompt = Annotated[str, with_places("text", "questions")]


@dataclass(frozen=True, kw_only=True)
class WritingSettings:
    """Prompts and limits of an exam's requests; conf/exam/written.yaml explains each."""

    facts_prompt: str
    filter_prompt: str
    questions_prompt: str
    check_prompt: str
    questions: int
    spare: int
    reply_tokens: int
    longest: int
    again: int
    near: float

    @property
    def asked(self) -> int:
        """Number of questions that one request asks for."""
        return self.questions + self.spare
