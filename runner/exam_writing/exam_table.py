"""A file of questions in, an exam out, and back."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from runner.corpus.references import SectionIndex
from runner.corpus.rows import PlacedExamRow, doubts, exam_origin, exam_question
from runner.data.atomic_write import publish
from runner.data.exam_set import ExamSet
from runner.data.file_digest import file_digest
from runner.data.own_folders import EXAM as ORIGIN
from runner.data.records import Material, Question
from runner.data.tables import file_rows, rows, table_files
from runner.errors import Fault

STEM = "exam"  # the name of the file in a folder, without its ending
PRACTICE = "practice.jsonl"  # further questions, beside the exam


@dataclass(frozen=True)
class _Written:
    """The origin of an exam, and digests of its files."""

    origin: str
    sha256: str  # of the exam
    practice: str = ""  # SHA-256 of the practice


def read_exam(path: Path, material: Material) -> ExamSet:
    """Read an exam from a file, or from its folder.

    Raise a Fault that names file and line if something cannot be used.
    """
    lines = rows(path, STEM, PlacedExamRow) if path.is_dir() else file_rows(path, PlacedExamRow) if path.exists() else None
    if lines is None:
        raise Fault(f"exam.path={path}: no such exam. Expected a file of questions (.jsonl or .csv), or a folder with exam.jsonl")
    known = SectionIndex(material.sections, {})
    questions = tuple(exam_question(line, known) for line in lines)
    notes = tuple(doubts(lines, (), known, questions, material.sections))
    return ExamSet(questions=questions, origin=_origin(path, exam_origin(lines)), notes=notes)


def table_digest(path: Path) -> str:
    """Return the digest of an exam's file and origin."""
    return "".join(file_digest(file) for file in (*_files(path), _folder(path) / ORIGIN) if file.exists())


def write_exam(exam: ExamSet, folder: Path) -> Path:
    """Write exam and practice as files; return that of the exam.

    A file that is there already stays, since a person may have changed it. A practice that nobody changed is replaced by a larger
    one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, practice, content = folder / f"{STEM}.jsonl", folder / PRACTICE, _lines(exam.practice, exam.origin)
    before = _written(folder)
    now = before or _Written(origin=exam.origin, sha256=_sha256(_lines(exam.questions, exam.origin)))
    kept = practice.exists()
    untouched = not kept or (before is not None and file_digest(practice) == before.practice)
    if untouched and len(content.encode()) > (practice.stat().st_size if kept else 0):
        now = replace(now, practice=_sha256(content))
    # What says who wrote the exam comes first: an exam without it would count as written by people.
    if now != before:
        publish(folder / ORIGIN, f"{json.dumps(asdict(now), indent=1)}\n")
        if now.practice:
            publish(practice, content)
    if not file.exists():
        publish(file, _lines(exam.questions, exam.origin))
    return file


def changed_by_hand(folder: Path) -> list[Path]:
    """List the written files that a person changed."""
    written = _written(folder)
    digests = {f"{STEM}.jsonl": written.sha256, PRACTICE: written.practice} if written else {}
    return [file for name, digest in digests.items() if (file := folder / name).exists() and file_digest(file) != digest]


def _lines(questions: Sequence[Question], origin: str) -> str:
    # In each row too, since rows are copied to other files, without what lies beside them.
    rows = ({**_row(question), "origin": origin} for question in questions)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _files(path: Path) -> list[Path]:
    return table_files(path, STEM) if path.is_dir() else [path]


def _row(question: Question) -> dict[str, Any]:
    fields = ("id", "question", "answer", "aliases", "category", "section", "fact")
    return {name: vars(question)[name] for name in fields if vars(question)[name]}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written(folder: Path) -> _Written | None:
    """Read a folder's origin; None if people wrote the exam."""
    if not (folder / ORIGIN).is_file():
        return None
    try:
        return TypeAdapter(_Written).validate_json((folder / ORIGIN).read_bytes())
    except ValidationError as error:
        reason = error.errors()[0]["msg"].lower()
        raise Fault(
            f"{folder / ORIGIN} can't be read ({reason}). It says who wrote the questions beside it. Put the written one "
            "back, or remove it if people wrote all questions"
        ) from error


def _origin(path: Path, of_rows: str) -> str:
    """Say who wrote the questions, if a program did.

    `of_rows` is what the rows of the file say.
    """
    written = _written(_folder(path))
    if not written:
        return of_rows
    # One word that a person changed does not mean that the others were read.
    if {file_digest(file) for file in _files(path)} <= {written.sha256, written.practice}:
        return written.origin
    if of_rows not in ("", written.origin):
        return of_rows  # a person said so, row by row
    author, mark, worth = written.origin.partition(";")
    return f"{author.partition(', not')[0]}, then changed by hand{mark}{worth}"
