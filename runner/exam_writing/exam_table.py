"""A file of exam questions in, an exam out."""

from pathlib import Path

from runner.corpus.references import SectionIndex
from runner.corpus.rows import PlacedExamRow, doubts, exam_question
from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.data.tables import rows
from runner.errors import Fault

STEM = "exam"  # the name of the file in a folder, without its ending


def read_exam(path: Path, material: Material) -> ExamSet:
    """Read an exam from a file, or from its folder.

    Raise a Fault that names file and line if something cannot be used.
    """
    folder, stem = (path, STEM) if path.is_dir() else (path.parent, path.stem)
    lines = rows(folder, stem, PlacedExamRow) if path.exists() else None
    if lines is None:
        raise Fault(f"exam.path={path}: no such exam. Expected a file of questions (.jsonl or .csv), or a folder with exam.jsonl")
    known = SectionIndex(material.sections, {})
    questions = tuple(exam_question(line, known) for line in lines)
    return ExamSet(questions=questions, notes=tuple(doubts(lines, (), known, questions, material.sections)))
