"""The prompts and limits of an exam, checked."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from runner.data.templates import with_places

FactsPrompt = Annotated[str, with_places("text")]
FilterPrompt = Annotated[str, with_places("purpose", "facts")]
QuestionsPrompt = Annotated[str, with_places("text", "fact", "questions")]
CheckPrompt = Annotated[str, with_places("text", "questions")]
# Those of `near` and `error` beside the groups, which they take by default.
Near = Annotated[float, Field(gt=0, le=1)]
ErrorRate = Annotated[float, Field(gt=0, lt=1)]
Points = Annotated[float, Field(ge=2, le=50)]  # of accuracy
FactQuestions = Annotated[int, Field(gt=0, le=50)]  # one reply holds them all
SpareQuestions = Annotated[int, Field(ge=0, le=50)]
FolderName = Annotated[str, Field(min_length=1)]


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
