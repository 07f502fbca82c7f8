"""A folder of documents with its exam, and people's own labels and grades where there are any, as Material."""

import logging
from collections import Counter
from functools import cache
from pathlib import Path

from pydantic import Field, PositiveInt

from runner.component import component
from runner.corpus.document import sections
from runner.data.records import Label, Marking, Material, Question, Section
from runner.data.tables import ExamRow, Line, Row, refuse_leaks, rows
from runner.data.text import normal
from runner.errors import Fault

log = logging.getLogger("runner")

SUFFIXES = {".md", ".markdown", ".txt"}


class _Row(Row):
    section: str = ""
    fact: str = ""


class _ExamRow(ExamRow, _Row):
    pass


class _GradeRow(Row):
    passed: bool = Field(alias="pass")
    reference: str = ""

    def keys(self) -> dict[str, str]:
        return {"answer to the same question": f"{normal(self.question)}: {self.answer}"}


@component
class Folder:
    """Documents under `documents/`, `exam.jsonl` or `.csv`, and optionally `labels` and `grades` likewise and `recorded/`.

    `sections` keeps only the first so many sections of each document, and `documents` only the named ones, with the
    questions, labels and grades that belong to them; a small corpus out of a large one.
    """

    path: str
    purpose: str = ""
    title: str = ""
    documents: tuple[str, ...] = ()
    sections: PositiveInt | None = None

    @property
    def name(self) -> str:
        """The title, or the folder's name."""
        return self.title or Path(self.path).resolve().name

    def read(self) -> Material:
        """Sections, exam, labels and grades; a Fault names the file and line of what can't be used."""
        root = Path(self.path).expanduser()
        everything = _documents(root)
        kept = self._chosen(root, everything)
        exam, labels = rows(root, "exam", _ExamRow), rows(root, "labels", _Row) or []
        if exam is None:
            raise Fault(
                f"{root} has documents but no exam.jsonl or exam.csv, so nothing could be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}'
            )
        refuse_leaks(exam, labels, "labels")
        known = {section.id: section for section in everything}
        asked = {normal(line.row.question): _question(line, known) for line in exam}
        graded = [_marking(line, asked) for line in rows(root, "grades", _GradeRow) or []]
        chosen = {"", *(section.id for section in kept)}
        questions = tuple(question for question in asked.values() if question.section in chosen)
        if not questions:
            raise Fault(f"{root}: the exam has no question on the sections chosen by corpus.documents and corpus.sections")
        return Material(
            sections=kept,
            questions=questions,
            labels=tuple(label for label in (_label(line, known) for line in labels) if label.section in chosen),
            grades=tuple(marking for marking in graded if marking.question.section in chosen),
            purpose=self.purpose,
        )

    def _chosen(self, root: Path, everything: tuple[Section, ...]) -> tuple[Section, ...]:
        names = {Path(section.document).stem for section in everything}
        if unknown := sorted(set(self.documents) - names):
            raise Fault(f"corpus.documents names {', '.join(unknown)}; {root}/documents holds {', '.join(sorted(names))}")
        place: Counter[str] = Counter()
        kept = []
        for section in everything:
            place[section.document] += 1
            wanted = not self.documents or Path(section.document).stem in self.documents
            if wanted and (self.sections is None or place[section.document] <= self.sections):
                kept.append(section)
        return tuple(kept)


def _documents(root: Path) -> tuple[Section, ...]:
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder that holds documents/ and exam.jsonl")
    home = root / "documents"
    files = sorted(file for file in home.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)
    if not files:
        others = sorted({file.suffix for file in home.rglob("*") if file.is_file()}) if home.is_dir() else []
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(others) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    parts = {file: tuple(sections(file, home)) for file in files}
    empty = [file.relative_to(home).as_posix() for file in files if not parts[file]]
    if len(empty) == len(files):
        raise Fault(f"{home}: the documents hold no text ({', '.join(empty[:5])})")
    if empty:
        _warn(f"{home}: {', '.join(empty)} without text")
    return tuple(section for file in files for section in parts[file])


@cache
def _warn(words: str) -> None:
    """Say it once, however many runs of a sweep read the folder."""
    log.warning(words)


def _category(line: Line[_Row], known: dict[str, Section]) -> str:
    row = line.row
    if row.section and row.section not in known:
        near = ", ".join(sorted(known)[:5])
        raise Fault(f"{line.where}: no section {row.section!r} in the documents. Expected file#heading, such as {near}")
    return row.category or (known[row.section].category if row.section else "uncategorised")


def _question(line: Line[_ExamRow], known: dict[str, Section]) -> Question:
    return line.row.asked(_category(line, known), section=line.row.section, fact=line.row.fact)


def _label(line: Line[_Row], known: dict[str, Section]) -> Label:
    row = line.row
    return Label(
        question=row.question,
        answer=row.answer,
        method="human",
        section=row.section,
        category=_category(line, known),
        fact=row.fact,
        origin=Path(line.where).name,
        position=0,
    )


def _marking(line: Line[_GradeRow], asked: dict[str, Question]) -> Marking:
    """The answer with the question that the row gives a reference for, or else the exam's."""
    row, name = line.row, normal(line.row.question)
    if row.reference:
        category = row.category or "uncategorised"
        question = Question(id=name, question=row.question, answer=row.reference, category=category)
    elif name in asked:
        question = asked[name]
    else:
        raise Fault(f'{line.where}: the exam does not ask {row.question!r}. Expected its words there, or a "reference" beside it')
    return Marking(question=question, answer=row.answer, passed=row.passed)
