"""A corpus in a folder: documents, exam, labels and grades in, Material out."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, Field, PositiveInt, model_validator

from runner.component import component
from runner.corpus.document import sections
from runner.corpus.doubts import Stated, answers_not_stated, single_categories
from runner.data.extra_columns import check_columns
from runner.data.records import HumanGrade, Label, Material, Question, Section, digest
from runner.data.tables import ExamRow, TableLine, TableRow, check_regular, refuse_leaks, rows, table_files
from runner.data.text import normal
from runner.errors import Fault

log = logging.getLogger("runner")

# Files of other formats may lie beside the documents (pictures, sources), so they are passed over.
SUFFIXES = {".md", ".markdown", ".txt"}


class _Row(TableRow):
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


class _ExamRow(ExamRow, _Row):
    """A row of the exam, with section and fact."""


class _GradeRow(TableRow):
    """A row of grades: an answer that a person graded."""

    passed: bool = Field(alias="pass")  # "pass" is a keyword of Python
    reference: str = ""

    def keys(self) -> dict[str, str]:
        """Return question and answer together.

        People grade several answers to one question, but each of them once.
        """
        return {"answer to the same question": f"{normal(self.question)}: {self.answer}"}


@component
class Folder:
    """A folder with documents and an exam.

    Documents are under `documents/`, the exam is `exam.jsonl` or `exam.csv`. `labels` and `grades` (also `.jsonl` or `.csv`)
    and the folder `recorded/` are optional. The setting `documents` names the documents to keep (all if empty), and `sections`
    the number of sections to keep of each, so that a small corpus can be made of a large one. Questions, labels and grades of
    other sections are left out.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # the files count (`state`), not where they are

    path: str
    purpose: str = ""
    title: str = ""
    documents: tuple[str, ...] = ()
    sections: PositiveInt | None = None

    @property
    def name(self) -> str:
        """Title, or else the name of the folder."""
        # resolve(), since a path such as . or docs/.. has no name of its own.
        return self.title or Path(self.path).resolve().name

    def state(self) -> str:
        """Return a digest of all files that `read` reads.

        It changes when a file is added, removed, renamed or edited. It does not change when the folder is moved.
        """
        root = Path(self.path).expanduser()
        # Documents that are not chosen count too: `read` checks questions and labels against all sections.
        files = _document_files(root / "documents")
        files += [file for stem in ("exam", "labels", "grades") for file in table_files(root, stem)]
        return digest([[file.relative_to(root).as_posix(), _file_digest(file)] for file in files])

    def read(self) -> Material:
        """Read and check sections, exam, labels and grades.

        Raise a Fault that names file and line if something cannot be used.
        """
        root = Path(self.path).expanduser()
        everything, notes = _read_documents(root)
        kept = self._chosen(root, everything)
        exam, labels = rows(root, "exam", _ExamRow), rows(root, "labels", _Row) or []
        if exam is None:
            raise Fault(
                f"{root} has documents but no exam.jsonl or exam.csv, so nothing could be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}'
            )
        refuse_leaks(exam, labels, "labels")
        # Questions, labels and grades are checked against everything before the choice is made, so that a fault in one
        # of them is reported whichever documents are chosen.
        known = {section.id: section for section in everything}
        exam_questions = {normal(line.row.question): _question(line, known) for line in exam}
        grades = [_marking(line, exam_questions) for line in rows(root, "grades", _GradeRow) or []]
        # The empty id keeps what names no section: it may be about any of them.
        chosen = {"", *(section.id for section in kept)}
        questions = tuple(question for question in exam_questions.values() if question.section in chosen)
        if not questions:
            raise Fault(f"{root}: the exam has no question on the sections chosen by corpus.documents and corpus.sections")
        return Material(
            sections=kept,
            questions=questions,
            labels=tuple(label for label in (_label(line, known) for line in labels) if label.section in chosen),
            grades=tuple(marking for marking in grades if marking.question.section in chosen),
            purpose=self.purpose,
            notes=(*notes, *_doubts(exam, labels, questions, kept)),
        )

    def _chosen(self, root: Path, everything: tuple[Section, ...]) -> tuple[Section, ...]:
        """Return the sections that `documents` and `sections` keep."""
        names = {Path(section.document).stem for section in everything}
        # A misspelt name would leave a smaller corpus than was asked for.
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


def _document_files(home: Path) -> list[Path]:
    """List the documents in reading order."""
    # Sorted, since the order of rglob differs from one file system to another, and labels would differ with it.
    files = sorted(file for file in home.rglob("*") if file.suffix.lower() in SUFFIXES and not file.is_dir())
    for path in (home, *files):
        _check_link(path, home.parent)
    for file in files:
        check_regular(file)
        # A section is called by its file, and results hold only Unicode.
        name = file.relative_to(home).as_posix()
        if name.encode("utf-8", "ignore").decode() != name:
            raise Fault(f"{file}: the name is not UTF-8, so no result could hold it. Rename the file")
    return files


def _check_link(path: Path, root: Path) -> None:
    """Raise a Fault if a link leads elsewhere."""
    # The text of documents is sent to a teacher. A folder from somebody else must not choose files of this machine for that.
    # Exam and labels may be links: only rows with a question and an answer are read from them.
    if not path.is_symlink():
        return
    try:
        target = path.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise Fault(f"{path} is a link that leads nowhere ({error}). Remove it") from error
    if not target.is_relative_to(root.resolve()):
        raise Fault(
            f"{path} is a link out of the corpus, to {target}. Documents are sent to the teacher, so only those within "
            f"{root} are read. If you want this one, copy it there in place of the link. Otherwise remove the link"
        )


def _file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    check_regular(file)
    try:
        status = file.stat()
        return _cached_digest(file, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


@cache
def _cached_digest(file: Path, size: int, modified: int) -> str:
    """Hash a file. Size and time of modification are part of the cache's key.

    A sweep asks for the state of its corpus once for each of its runs, so a large corpus must not be hashed each time.
    """
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _read_documents(root: Path) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Read the sections of all documents, with notes for people."""
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder that holds documents/ and exam.jsonl")
    home = root / "documents"
    files = _document_files(home)
    if not files:
        others = sorted({file.suffix for file in home.rglob("*") if file.is_file()}) if home.is_dir() else []
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(others) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    parts = {file: tuple(sections(file, home)) for file in files}
    # One empty document is likely a draft, and the others can be used. If all are empty, something is wrong with the folder.
    empty = [file.relative_to(home).as_posix() for file in files if not parts[file]]
    if len(empty) == len(files):
        raise Fault(f"{home}: the documents hold no text ({', '.join(empty[:5])})")
    linked = sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_symlink() and path.is_dir())
    notes = {"documents without text": empty, "linked folders are not read": linked}
    lines = tuple(f"{note}: {', '.join(names)}" for note, names in notes.items() if names)
    return tuple(section for file in files for section in parts[file]), lines


def _doubts(
    exam: list[TableLine[_ExamRow]], labels: list[TableLine[_Row]], questions: tuple[Question, ...], kept: tuple[Section, ...]
) -> Iterator[str]:
    """Yield notes on answers and categories of the chosen sections."""
    chosen = {"", *(section.id for section in kept)}
    # Files without their folder: notes are kept, and the corpus may be moved.
    stated = [Stated(Path(line.where).name, (line.row.answer, *line.row.aliases), line.row.section) for line in exam]
    stated += [Stated(Path(line.where).name, (line.row.answer,), line.row.section, True) for line in labels]
    yield from answers_not_stated([row for row in stated if row.section in chosen], kept)
    yield from single_categories([question.category for question in questions])


def _category(line: TableLine[_Row], known: dict[str, Section]) -> str:
    """Return a row's category, or else that of its section."""
    row = line.row
    if row.section and row.section not in known:
        near = ", ".join(sorted(known)[:5])
        raise Fault(f"{line.where}: no section {row.section!r} in the documents. Expected file#heading, such as {near}")
    return row.category or (known[row.section].category if row.section else "uncategorised")


def _question(line: TableLine[_ExamRow], known: dict[str, Section]) -> Question:
    """Make an exam question of a row."""
    return line.row.to_question(_category(line, known), section=line.row.section, fact=line.row.fact, extra=line.row.further)


def _label(line: TableLine[_Row], known: dict[str, Section]) -> Label:
    """Make a label of a row."""
    row = line.row
    return Label(
        question=row.question,
        answer=row.answer,
        method="human",
        section=row.section,
        category=_category(line, known),
        fact=row.fact,
        # The file's name without its folder, so that moving a corpus changes no label.
        origin=Path(line.where).name,
        position=0,  # method=human numbers the labels of a unit
        extra=row.further,
    )


def _marking(line: TableLine[_GradeRow], exam_questions: dict[str, Question]) -> HumanGrade:
    """Make a graded answer of a row.

    Its question is the exam's, unless the row gives a reference answer of its own.
    """
    row, name = line.row, normal(line.row.question)
    if row.reference:
        category = row.category or "uncategorised"
        question = Question(id=name, question=row.question, answer=row.reference, category=category)
    elif name in exam_questions:
        question = exam_questions[name]
    else:
        raise Fault(f'{line.where}: the exam does not ask {row.question!r}. Expected its words there, or a "reference" beside it')
    return HumanGrade(question=question, answer=row.answer, passed=row.passed)
