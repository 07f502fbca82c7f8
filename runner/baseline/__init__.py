"""A baseline is what a tuned model is compared with: the same model, untuned, asked in some way."""

from collections.abc import Sequence
from typing import Protocol

from runner.data.records import Asked, Question, Section
from runner.retriever import Retriever


class Baseline(Protocol):
    """One way of asking the untuned model."""

    retrieves: bool  # whether it needs a retriever

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Asked]:
        """What the model is asked for each question, with the passages that the prompt holds."""
