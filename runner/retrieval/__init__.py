"""The contract of a tuned student's search: questions in, passages out."""

from typing import Protocol, runtime_checkable

from runner.retriever import Retriever


@runtime_checkable
class StudentSearch(Retriever, Protocol):
    """A retriever for the exam of the tuned student. A class must have `find`; `retrieves` is optional.

    `retrieves` is False where the student is asked without passages, as it was trained.
    """

    # The build step sets this value on a class that does not name it.
    retrieves: bool = True
