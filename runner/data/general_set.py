"""General questions: what is asked before and after tuning, pairs to train on, and a page of text."""

from dataclasses import dataclass

from runner.data.records import Question


@dataclass(frozen=True, kw_only=True)
class GeneralSet:
    """General questions, pairs to replay, and a page of text."""

    questions: tuple[Question, ...] = ()  # every prefix, of the pairs too, has about the same shares of subjects
    replay: tuple[tuple[str, str], ...] = ()  # (question, answer)
    page: str = ""  # its perplexity is measured
