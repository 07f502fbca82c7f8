"""The contract of a retention set: general questions asked before and after tuning.

The questions show how much of its general knowledge a model lost by being tuned.
"""

from typing import Protocol, runtime_checkable

from runner.data.general_set import GeneralSet


@runtime_checkable
class Retention(Protocol):
    """A source of general questions. A class must have `name` and `read`; `floor` is optional.

    `floor` is the gate, a share from 0 to 1: of the questions that the untuned model answers correctly, a tuned model must
    still answer at least this share. An arm that fails the gate is reported and never recommended. 0.0 means no gate.
    """

    # The build step sets this value on a class that does not name it.
    floor: float = 0.0

    @property
    def name(self) -> str:
        """Name of the question set in tables."""

    def read(self) -> GeneralSet:
        """Read and check the general questions.

        Return questions and, where there are any, question/answer pairs to replay during tuning and a page of text for
        perplexity. Raise a Fault that names file and line if something cannot be used.
        """
