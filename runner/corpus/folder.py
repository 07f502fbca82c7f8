"""A corpus in a folder: documents, exam, labels and grades in, Material out."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt

from runner.component import component
from runner.corpus.categories import TOP, check_rule
from runner.corpus.documents import Documents, read_documents, state
from runner.corpus.files import TABLES
from runner.corpus.preference_rows import read_preferences
from runner.corpus.reading import ReadingRules
from runner.corpus.references import SectionIndex, documents_matching
from runner.corpus.rows import LabelRow, PlacedExamRow, doubts, exam_origin, exam_question, person_label
from runner.corpus.sectioning import LONGEST
from runner.data.file_digest import file_digest
from runner.data.records import AtomicFact, HumanGrade, Material, Question, Section, digest
from runner.data.reviews import NAME as REVIEWS
from runner.data.reviews import Review, read_reviews
from runner.data.stratify import spread
from runner.data.tables import TableLine, TableRow, refuse_leaks, rows, table_files
from runner.data.text import normal
from runner.errors import Fault


def _rule_text(rule: Any) -> Any:
    # A level of folders is a number in yaml and on the command line.
    return str(rule) if type(rule) is int else rule


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
    """A folder with documents.

    Documents are under `documents/`, or in the whole folder if there is no such folder. The exam `exam.jsonl` or `exam.csv`,
    `labels`, `grades` and `preferences` (also `.jsonl` or `.csv`) and the folder `recorded/` are optional. The setting
    `documents` names the documents to keep (all if empty), and `sections` the number of sections to keep of each, so that a
    small corpus can be made of a large one; of what is left, `sample` keeps so many sections, spread over the categories.
    Questions, labels and grades of other sections are left out. A section of more than `longest` tokens is split. A file that
    can't be read is left out with a note, or stops the command with `strict`. `category` is the level of folders, or the
    pattern of paths, that names categories. With `boilerplate` drop, paragraphs that many documents repeat are left out.
    `reviews` is the file of people's reviews, from the folder on; None reads none.
    """

    # The files count (`state`), not where they are. Of reviews, what they say counts, and it is read anew each time.
    incidental: ClassVar[frozenset[str]] = frozenset({"path", "reviews"})
    later: ClassVar[frozenset[str]] = frozenset({"boilerplate", "sample"})

    path: str
    purpose: str = ""
    title: str = ""
    documents: tuple[str, ...] = ()
    sections: PositiveInt | None = None
    sample: PositiveInt | None = None
    longest: Annotated[int, Field(ge=50)] = LONGEST
    strict: bool = False
    category: Annotated[str, BeforeValidator(_rule_text), AfterValidator(check_rule)] = TOP
    boilerplate: Literal["keep", "drop"] = "keep"
    reviews: str | None = REVIEWS

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
        tables = [file for stem in TABLES for file in table_files(root, stem)]
        # Documents that are not chosen count too: `read` checks questions and labels against all sections.
        return digest([state(root), [[file.name, file_digest(file)] for file in tables]])

    def read(self) -> Material:
        """Read and check sections, exam, labels and grades.

        Raise a Fault that names file and line if something cannot be used.
        """
        root = Path(self.path).expanduser()
        documents = read_documents(root, self._reading, self.documents)
        known = SectionIndex(documents.sections, documents.others, documents.left_out)
        kept = self._chosen(documents)
        exam, labels = rows(root, "exam", PlacedExamRow) or [], rows(root, "labels", LabelRow) or []
        refuse_leaks(exam, labels, "labels")
        # Questions, labels and grades are checked against everything before the choice is made, so that a fault in one
        # of them is reported whichever documents are chosen.
        exam_questions = {normal(line.row.question): exam_question(line, known) for line in exam}
        grades = [_marking(line, exam_questions) for line in rows(root, "grades", _GradeRow) or []]
        # The empty id keeps what names no section: it may be about any of them.
        chosen = {"", *(section.id for section in kept)}
        questions = tuple(question for question in exam_questions.values() if question.section in chosen)
        return Material(
            sections=kept,
            questions=questions,
            labels=tuple(label for label in (person_label(line, known) for line in labels) if label.section in chosen),
            grades=tuple(marking for marking in grades if marking.question.section in chosen),
            preferences=read_preferences(root, exam),
            purpose=self.purpose,
            facts=_facts_of(kept, documents),
            notes=(*documents.notes, *doubts(exam, labels, known, questions, kept)),
            remarks=documents.remarks,
            exam_origin=exam_origin(exam),
        )

    def read_sections(self) -> Material:
        """Read the chosen sections, with notes; no exam is needed."""
        documents = read_documents(Path(self.path).expanduser(), self._reading, self.documents)
        kept = self._chosen(documents)
        facts = _facts_of(kept, documents)
        return Material(sections=kept, questions=(), facts=facts, notes=documents.notes, remarks=documents.remarks)

    def read_reviews(self) -> tuple[Review, ...]:
        """Read what people said of labels, questions and answers."""
        return read_reviews(Path(self.path).expanduser() / Path(self.reviews).expanduser()) if self.reviews else ()

    @property
    def _reading(self) -> ReadingRules:
        return ReadingRules(longest=self.longest, strict=self.strict, category=self.category, drop=self.boilerplate == "drop")

    def _chosen(self, documents: Documents) -> tuple[Section, ...]:
        """Return the sections that `documents` and `sections` keep."""
        names = list(dict.fromkeys(section.document for section in documents.sections))
        # A misspelt name would leave a smaller corpus than was asked for.
        wanted = documents_matching(self.documents, names, documents.left_out) if self.documents else {*names}
        place: Counter[str] = Counter()
        kept = []
        for section in documents.sections:
            place[section.document] += 1
            if section.document in wanted and (self.sections is None or place[section.document] <= self.sections):
                kept.append(section)
        # A sample holds every category, and a smaller one lies within a larger one.
        drawn = {section.id for section in spread(sorted(kept, key=lambda section: digest(section.id)))[: self.sample]}
        return tuple(section for section in kept if section.id in drawn)


def _facts_of(kept: Sequence[Section], documents: Documents) -> tuple[AtomicFact, ...]:
    """Return the facts that were read of these sections."""
    ids = {section.id for section in kept}
    return tuple(fact for fact in documents.facts if fact.section in ids)


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
