"""Rows of a table in, exam questions and notes out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, model_validator

from runner.corpus.doubts import Stated, answers_not_stated, single_categories
from runner.corpus.references import SectionIndex
from runner.data.editions import EDITION, WITHDRAWN, check_edition
from runner.data.extra_columns import TAKEN_OF_LABELS, check_columns
from runner.data.records import Label, Question, Section
from runner.data.tables import ExamRow, TableLine, TableRow

NO_QUESTION = "\0"  # in place of the question that a text does not have; no table holds it


class PlacedRow(TableRow):
    """A row of labels: it may name section and fact, and have further columns."""

    model_config = ConfigDict(extra="allow")

    section: str = ""
    fact: str = ""

    @model_validator(mode="before")
    @classmethod
    def _check_columns(cls, values: dict[str, Any]) -> dict[str, Any]:
        check_columns(values, cls.model_fields)
        return values

    @property
    def further(self) -> dict[str, Any]:
        """The columns that are only reported."""
        return self.model_extra or {}


class LabelRow(PlacedRow):
    """A row of labels: a pair, or a `text` without a question.

    It may say where it comes from, as labels that this program wrote do.
    """

    method: str = ""
    origin: str = ""
    round: int = 0
    position: int | float = 0
    around: str = ""

    @model_validator(mode="before")
    @classmethod
    def _check_columns(cls, values: dict[str, Any]) -> dict[str, Any]:
        further = {name: value for name, value in values.items() if name not in cls.model_fields}
        check_columns(further, PlacedRow.model_fields, TAKEN_OF_LABELS)
        text = values.pop("text", "") if "answer" not in values else ""
        return values | {"question": NO_QUESTION, "answer": text} if text else values

    @property
    def is_text(self) -> bool:
        """True for a label without a question."""
        return self.question == NO_QUESTION

    def keys(self) -> dict[str, str]:
        """Return the question; texts need not differ."""
        return {} if self.is_text else super().keys()


class PlacedExamRow(ExamRow, PlacedRow):
    """A row of the exam, with section and fact.

    It may say who wrote it, as questions that this program wrote do. Its column `edition` says whether the documents still
    state the fact.
    """

    origin: str = ""

    @model_validator(mode="before")
    @classmethod
    def _check_columns(cls, values: dict[str, Any]) -> dict[str, Any]:
        # Without it, so that a further column may be called original.
        further = {name: value for name, value in values.items() if name != "origin"}
        check_columns(further, {*cls.model_fields} - {"origin"})
        return values

    @model_validator(mode="after")
    def _check_edition(self) -> Self:
        check_edition(self.further)
        return self

    @property
    def is_withdrawn(self) -> bool:
        """True if the documents no longer state the fact."""
        return self.further.get(EDITION) == WITHDRAWN


def exam_origin(lines: Sequence[TableLine[PlacedExamRow]]) -> str:
    """Say who wrote the questions, as their rows do."""
    # So that questions which were copied from a written exam do not count as people's.
    counts = Counter(origin for line in lines if (origin := line.row.origin.strip()))
    parts = (
        (*origin.partition(";"), f" ({count} of {len(lines)} questions)" * (count < len(lines)))
        for origin, count in counts.items()
    )
    return " and ".join(f"{author}{share}{mark}{worth}" for author, mark, worth, share in parts)


def doubts(
    exam: Sequence[TableLine[PlacedExamRow]],
    labels: Sequence[TableLine[LabelRow]],
    known: SectionIndex,
    questions: tuple[Question, ...],
    kept: tuple[Section, ...],
) -> Iterator[str]:
    """Yield notes on answers and categories of the chosen sections."""
    chosen = {"", *(section.id for section in kept)}
    # Files without their folder: notes are kept, and the corpus may be moved.
    stated = [
        Stated(Path(line.where).name, (line.row.answer, *line.row.aliases), section_id(line, known))
        for line in exam
        if not line.row.is_withdrawn
    ]
    stated += [
        Stated(Path(line.where).name, (line.row.answer,), section_id(line, known), True)
        for line in labels
        if not line.row.is_text
    ]
    yield from answers_not_stated([row for row in stated if row.section in chosen], kept)
    yield from single_categories([question.category for question in questions])


def section_id(line: TableLine[PlacedRow], known: SectionIndex) -> str:
    """Return the id of the section that a row names."""
    section = known.section(line.where, line.row.section, line.row.answer)
    return section.id if section else ""


def category(line: TableLine[PlacedRow], known: SectionIndex) -> str:
    """Return a row's category, or else that of its section."""
    section = known.section(line.where, line.row.section, line.row.answer)
    return line.row.category or (section.category if section else "uncategorised")


def exam_question(line: TableLine[PlacedExamRow], known: SectionIndex) -> Question:
    """Make an exam question of a row."""
    row = line.row
    # Its section may be gone, or state something else by now.
    if row.is_withdrawn:
        return row.to_question(fact=row.fact, extra=row.further)
    return row.to_question(category(line, known), section=section_id(line, known), fact=row.fact, extra=row.further)


def person_label(line: TableLine[LabelRow], known: SectionIndex) -> Label:
    """Make a label of a row."""
    row = line.row
    return Label(
        question="" if row.is_text else row.question,
        answer=row.answer,
        method=row.method or "human",
        section=section_id(line, known),
        category=category(line, known),
        fact=row.fact,
        round=row.round,
        # The file's name without its folder, so that moving a corpus changes no label.
        origin=row.origin or Path(line.where).name,
        # Of a file of columns it is a float.
        position=int(row.position) if row.position == int(row.position) else row.position,
        extra=row.further,
        around=row.around,
    )
