"""A corpus folder and its exam in, people's preferences out."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, model_validator

from runner.data.preferences import HumanPreference
from runner.data.tables import TableLine, TableRow, refuse_leaks, rows
from runner.data.text import normal

STEM = "preferences"


class PreferenceRow(TableRow):
    """A row of preferences: a prompt, the reply that is preferred, and one that is not."""

    question: str = Field(alias="prompt", min_length=1)
    answer: str = Field(alias="chosen", min_length=1)
    rejected: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_replies(self) -> "PreferenceRow":
        if self.answer == self.rejected:
            raise ValueError("chosen and rejected are the same, so nothing is preferred")
        return self

    def keys(self) -> dict[str, str]:
        """Return all three together: a prompt may have several pairs."""
        return {"pair of replies to the same prompt": f"{normal(self.question)}: {self.answer}: {self.rejected}"}


def read_preferences(root: Path, exam: Sequence[TableLine[TableRow]]) -> tuple[HumanPreference, ...]:
    """Read preferences.jsonl, .csv or .parquet, if there is one.

    Raise a Fault that names the lines where chosen and rejected are the same or empty, or where the exam asks the prompt.
    """
    lines = rows(root, STEM, PreferenceRow) or []
    refuse_leaks(exam, lines, STEM)
    return tuple(
        HumanPreference(question=line.row.question, chosen=line.row.answer, rejected=line.row.rejected) for line in lines
    )
