"""An exam by a model: documents in, checked questions about their facts out."""

from typing import ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.exam_set import ExamSet
from runner.data.guesses import Guesses
from runner.data.records import Material
from runner.exam_writing.exam_guesses import ExamGuesses
from runner.exam_writing.exam_size import facts_wanted
from runner.exam_writing.planned_questions import planned_questions
from runner.exam_writing.writing_settings import (
    CheckPrompt,
    ErrorRate,
    FactQuestions,
    FactsPrompt,
    FilterPrompt,
    FolderName,
    Near,
    Points,
    QuestionsPrompt,
    SpareQuestions,
    WritingSettings,
)
from runner.exam_writing.written_exam import write_questions
from runner.model import Model


@component
class Written:
    """Questions that the examiner writes about facts, and checks.

    The facts are those that were read, and those that the examiner lists. `practice` is the number of facts of further questions,
    which are no part of the exam.
    """

    version: ClassVar[int] = 2  # 2: practice has facts of its own
    asks: ClassVar[bool] = True
    incidental: ClassVar[frozenset[str]] = frozenset({"folder"})

    facts_prompt: FactsPrompt
    filter_prompt: FilterPrompt
    questions_prompt: QuestionsPrompt
    check_prompt: CheckPrompt
    facts: PositiveInt = 30
    questions: FactQuestions = 3
    sees: Points | None = None
    practice: NonNegativeInt = 0
    spare: SpareQuestions = 2
    seed: NonNegativeInt = 0
    near: Near = 0.9
    error: ErrorRate = 0.05
    reply_tokens: PositiveInt = 3000
    longest: PositiveInt = 200
    again: NonNegativeInt = 2
    folder: FolderName = "exams"

    def write(self, material: Material, examiner: Model) -> ExamSet:
        """Write exam and practice."""
        return write_questions(material, self.settings, examiner, (self._wanted, self.practice), self.seed)

    def planned(self, material: Material) -> ExamSet:
        """Stand in for the exam before it is written."""
        return ExamSet(questions=planned_questions(material, self._wanted, self.questions, self.seed))

    def guesses(self) -> Guesses:
        """Return the likely replies of an examiner, for a forecast."""
        return ExamGuesses(self.settings)

    @property
    def _wanted(self) -> int:
        return facts_wanted(self.facts, self.questions, self.sees, self.error)

    @property
    def settings(self) -> WritingSettings:
        """Return the prompts and limits of the requests."""
        return WritingSettings(
            facts_prompt=self.facts_prompt,
            filter_prompt=self.filter_prompt,
            questions_prompt=self.questions_prompt,
            check_prompt=self.check_prompt,
            questions=self.questions,
            spare=self.spare,
            reply_tokens=self.reply_tokens,
            longest=self.longest,
            again=self.again,
            near=self.near,
        )
