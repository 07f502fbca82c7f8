"""An exam without a model: documents in, questions about gaps in their sentences out."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.comparison.words import counted
from runner.component import component
from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.errors import Fault
from runner.exam_writing.cloze_questions import cloze_questions
from runner.exam_writing.exam_size import facts_wanted
from runner.exam_writing.writing_settings import ErrorRate, FactQuestions, FolderName, Near, Points
from runner.model import Model

ORIGIN = (
    "made of gaps in sentences of the documents, not checked by a person; a right answer shows that their wording was recalled, "
    "not that it was understood"
)


@component
class Cloze:
    """Gaps in place of names, numbers and units.

    They are made by rule from sentences of the documents, and from facts that were read. The questions name document and heading.
    """

    asks: ClassVar[bool] = False
    incidental: ClassVar[frozenset[str]] = frozenset({"folder"})

    facts: PositiveInt = 30
    questions: FactQuestions = 1
    sees: Points | None = None
    seed: NonNegativeInt = 0
    near: Near = 0.9
    error: ErrorRate = 0.05
    folder: FolderName = "exams"

    def write(self, material: Material, examiner: Model) -> ExamSet:
        """Return the questions. Nobody is asked."""
        wanted = facts_wanted(self.facts, self.questions, self.sees, self.error)
        questions, ledger = cloze_questions(material, wanted, self.questions, self.seed, self.near)
        if not questions:
            raise Fault(
                "exam=cloze: no whole sentence of the documents has a name, a number or a unit that could be asked for. Choose "
                "exam=written with a teacher, or write exam.jsonl"
            )
        asked = len({question.fact for question in questions})
        short = f"the documents have {counted(asked, 'sentence')} to ask about, and {wanted} were asked for"
        return ExamSet(questions=questions, ledgers=(ledger,), origin=ORIGIN, notes=(short,) if asked < wanted else ())
