"""The contract of a baseline: exam questions in, prompts for the untuned model out."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from runner.data.records import Question, Request, Section
from runner.retriever import Retriever


@runtime_checkable
class Baseline(Protocol):
    """A way of prompting the untuned model. A class must have `ask`; `retrieves` is optional.

    `retrieves` is False for a baseline that never uses the retriever. The retriever and the sections are then left out
    of the hash under which its answers are kept.
    """

    # The build step sets this value on a class that does not name it.
    retrieves: bool = True

    def ask(self, questions: Sequence[Question], sections: Sequence[Section], retriever: Retriever) -> list[Request]:
        """Write one prompt for each exam question.

        Return the prompts in the order of the questions, each with the passages that it contains. The pipeline sends
        them to the model. A Fault of the retriever passes through.
        """


@runtime_checkable
class Shortenable(Protocol):
    """A baseline whose prompts can do with fewer passages."""

    def shortened(self, question: Question, request: Request) -> Request:
        """Write a prompt with one passage less than `request` has."""
