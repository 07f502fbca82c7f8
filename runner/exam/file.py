"""The exam that people wrote: a corpus's own questions, or a file's, in; the same out."""

from pathlib import Path
from typing import ClassVar

from runner.component import component
from runner.data.exam_set import ExamSet, own_exam
from runner.data.records import Material
from runner.errors import Fault
from runner.exam_writing.exam_table import read_exam, table_digest
from runner.model import Model


@component
class File:
    """The corpus's own questions, or those of a file.

    The file has the form of a corpus's exam. It may be one that exam=written wrote and a person corrected.
    """

    asks: ClassVar[bool] = False
    incidental: ClassVar[frozenset[str]] = frozenset({"path"})

    path: str | None = None

    def state(self) -> str:
        """Return the digest of the file."""
        return table_digest(Path(self.path).expanduser()) if self.path else ""

    def write(self, material: Material, examiner: Model) -> ExamSet:
        """Return the questions. Nobody is asked."""
        exam = own_exam(material) if self.path is None else read_exam(Path(self.path).expanduser(), material)
        if not exam.questions:
            raise Fault(
                "the corpus has no exam question. Nothing is measured without one. It has no exam.jsonl or exam.csv (with "
                "corpus=hub, corpus.exam.split names no split), or its questions are about sections that corpus.documents, "
                "corpus.sections and corpus.sample leave out. Choose "
                "exam=written (the teacher writes one), exam=cloze (gaps in sentences; no model is needed), or exam.path=FILE. "
                'Expected a line a question: {"question": "...", "answer": "...", "category": "..."}'
            )
        return exam
