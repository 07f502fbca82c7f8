"""A file of questions in, an exam out, and back."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runner.corpus.references import SectionIndex
from runner.corpus.rows import PlacedExamRow, doubts, exam_question
from runner.data.atomic_write import publish
from runner.data.exam_set import ExamSet
from runner.data.file_digest import file_digest
from runner.data.own_folders import EXAM as ORIGIN
from runner.data.records import Material, Question
from runner.data.tables import rows, table_files
from runner.errors import Fault

STEM = "exam"  # the name of the file in a folder, without its ending


def read_exam(path: Path, material: Material) -> ExamSet:
    """Read an exam from a file, or from its folder.

    Raise a Fault that names file and line if something cannot be used.
    """
    folder, stem = _place(path)
    lines = rows(folder, stem, PlacedExamRow) if path.exists() else None
    if lines is None:
        raise Fault(f"exam.path={path}: no such exam. Expected a file of questions (.jsonl or .csv), or a folder with exam.jsonl")
    known = SectionIndex(material.sections, {})
    questions = tuple(exam_question(line, known) for line in lines)
    notes = tuple(doubts(lines, (), known, questions, material.sections))
    return ExamSet(questions=questions, origin=_origin(path), notes=notes)


def table_digest(path: Path) -> str:
    """Return the digest of an exam's file and origin."""
    folder, stem = _place(path)
    return "".join(file_digest(file) for file in (*table_files(folder, stem), folder / ORIGIN) if file.exists())


def write_exam(exam: ExamSet, folder: Path) -> Path:
    """Write exam and practice as files; return that of the exam.

    A file that is there already stays: a person may have changed it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{STEM}.jsonl"
    # What says who wrote the exam comes first: an exam without it would count as written by people.
    digest = hashlib.sha256(_lines(exam.questions).encode()).hexdigest()
    written = {
        folder / ORIGIN: json.dumps({"origin": exam.origin, "sha256": digest}, indent=1) + "\n",
        folder / "practice.jsonl": _lines(exam.practice),
        file: _lines(exam.questions),
    }
    for path, content in written.items():
        if content and not path.exists():
            publish(path, content)
    return file


def _lines(questions: Sequence[Question]) -> str:
    return "".join(f"{json.dumps(_row(question), ensure_ascii=False)}\n" for question in questions)


def _place(path: Path) -> tuple[Path, str]:
    return (path, STEM) if path.is_dir() else (path.parent, path.stem)


def _row(question: Question) -> dict[str, Any]:
    fields = ("id", "question", "answer", "aliases", "category", "section", "fact")
    return {name: vars(question)[name] for name in fields if vars(question)[name]}


def _origin(path: Path) -> str:
    """Say who wrote the exam, if a program did."""
    folder, stem = _place(path)
    if stem != STEM or not (folder / ORIGIN).is_file():
        return ""
    try:
        written = json.loads((folder / ORIGIN).read_bytes())
        origin, digest = str(written["origin"]), written["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise Fault(
            f"{folder / ORIGIN} can't be read ({error}). It says who wrote {folder / STEM}.jsonl. Put the written one back, or "
            "remove it if people wrote all questions"
        ) from error
    # One word that a person changed does not mean that the others were read.
    if [digest] == [file_digest(file) for file in table_files(folder, stem)]:
        return origin
    author, mark, worth = origin.partition(";")
    return f"{author.partition(', not')[0]}, then changed by hand{mark}{worth}"
