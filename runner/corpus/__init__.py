"""A corpus is documents plus the exam written for them."""

from typing import Protocol

from runner.data.records import Material


class Corpus(Protocol):
    """Where documents, exam and people's own labels come from."""

    @property
    def name(self) -> str:
        """What people call it; the MLflow experiment carries this name."""

    def read(self) -> Material:
        """Everything the corpus holds, checked; a Fault that names file and line where it can't be used."""
