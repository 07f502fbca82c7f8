"""Drop labels that are too short or too long."""

from collections.abc import Sequence
from typing import Self

from pydantic import NonNegativeInt, PositiveInt, model_validator

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import count
from runner.errors import Fault
from runner.filter import Filtered, parted


@component
class Length:
    """Keep labels whose questions and answers are of some length.

    Lengths are in words and punctuation marks. A text, which has no question, is an answer.
    """

    question: PositiveInt | None = None  # the most
    shortest: NonNegativeInt  # of an answer: the least
    longest: PositiveInt | None = None  # of an answer: the most

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.longest is not None and self.longest < self.shortest:
            raise Fault(f"longest is {self.longest}, and shortest is {self.shortest}: no label would be kept. Swap the two")
        return self

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop the labels that are shorter or longer."""
        return parted(labels, [self._reason(label) for label in labels])

    def _reason(self, label: Label) -> tuple[str, str]:
        question, answer = count(label.question), count(label.answer)
        if self.question is not None and question > self.question:
            return "question too long", f"{question} words, at most {self.question}"
        if answer < self.shortest:
            return "answer too short", f"{answer} words, at least {self.shortest}"
        if self.longest is not None and answer > self.longest:
            return "answer too long", f"{answer} words, at most {self.longest}"
        return "", ""
