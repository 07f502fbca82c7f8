"""A corpus in a folder: documents, exam, labels and grades in, Material out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator

from runner.component import component
from runner.corpus.categories import TOP, check_rule
from runner.corpus.documents import Documents, ReadingRules, read_documents, state
from runner.corpus.doubts import Stated, answers_not_stated, single_categories
from runner.corpus.references import SectionIndex, documents_matching
from runner.data.extra_columns import check_columns
from runner.data.file_digest import file_digest
from runner.data.records import HumanGrade, Label, Material, Question, Section, digest
from runner.data.tables import ExamRow, TableLine, TableRow, refuse_leaks, rows, table_files
from runner.data.text import normal
from runner.errors import Fault

LONGEST = 1500  # tokens of a section: about 2,000 of a model's own tokens


def _rule_text(rule: Any) -> Any:
    # A level of folders is a number in yaml and on the command line.
    return str(rule) if type(rule) is int else rule


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
    other sections are left out. A section of more than `longest` tokens is split. A file that can't be read is left out with a
    note, or stops the command with `strict`. `category` is the level of folders, or the pattern of paths, that names categories.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # the files count (`state`), not where they are

    path: str
    purpose: str = ""
    title: str = ""
    documents: tuple[str, ...] = ()
    sections: PositiveInt | None = None
    longest: Annotated[int, Field(ge=50)] = LONGEST
    strict: bool = False
    category: Annotated[str, BeforeValidator(_rule_text), AfterValidator(check_rule)] = TOP

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
        tables = [file for stem in ("exam", "labels", "grades") for file in table_files(root, stem)]
        # Documents that are not chosen count too: `read` checks questions and labels against all sections.
        return digest([state(root), [[file.name, file_digest(file)] for file in tables]])

    def read(self) -> Material:
        """Read and check sections, exam, labels and grades.

        Raise a Fault that names file and line if something cannot be used.
        """
        root = Path(self.path).expanduser()
        documents = read_documents(root, self._reading)
        known = SectionIndex(documents.sections, documents.others, documents.left_out)
        kept = self._chosen(documents)
        exam, labels = rows(root, "exam", _ExamRow), rows(root, "labels", _Row) or []
        if exam is None:
            raise Fault(
                f"{root} has documents but no exam.jsonl or exam.csv, so nothing could be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}'
            )
        refuse_leaks(exam, labels, "labels")
        # Questions, labels and grades are checked against everything before the choice is made, so that a fault in one
        # of them is reported whichever documents are chosen.
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
            facts=tuple(fact for fact in documents.facts if fact.section in chosen),
            notes=(*documents.notes, *_doubts(exam, labels, known, questions, kept)),
        )

    def read_sections(self) -> tuple[tuple[Section, ...], tuple[str, ...]]:
        """Read the chosen sections, with notes; no exam is needed."""
        documents = read_documents(Path(self.path).expanduser(), self._reading)
        return self._chosen(documents), documents.notes

    @property
    def _reading(self) -> ReadingRules:
        return ReadingRules(longest=self.longest, strict=self.strict, category=self.category)

    def _chosen(self, documents: Documents) -> tuple[Section, ...]:
        """Return the sections that `documents` and `sections` keep."""
        names = list(dict.fromkeys(section.document for section in documents.sections))
        # A misspelt name would leave a smaller corpus than was asked for.
        wanted = documents_matching(self.documents, names, documents.left_out) if self.documents else names
        place: Counter[str] = Counter()
        kept = []
        for section in documents.sections:
            place[section.document] += 1
            if section.document in wanted and (self.sections is None or place[section.document] <= self.sections):
                kept.append(section)
        return tuple(kept)


def _doubts(
    exam: Sequence[TableLine[_ExamRow]],
    labels: Sequence[TableLine[_Row]],
    known: SectionIndex,
    questions: tuple[Question, ...],
    kept: tuple[Section, ...],
) -> Iterator[str]:
    """Yield notes on answers and categories of the chosen sections."""
    chosen = {"", *(section.id for section in kept)}
    # Files without their folder: notes are kept, and the corpus may be moved.
    stated = [Stated(Path(line.where).name, (line.row.answer, *line.row.aliases), _section(line, known)) for line in exam]
    stated += [Stated(Path(line.where).name, (line.row.answer,), _section(line, known), True) for line in labels]
    yield from answers_not_stated([row for row in stated if row.section in chosen], kept)
    yield from single_categories([question.category for question in questions])


def _section(line: TableLine[_Row], known: SectionIndex) -> str:
    """Return the id of the section that a row names."""
    section = known.section(line.where, line.row.section, line.row.answer)
    return section.id if section else ""


def _category(line: TableLine[_Row], known: SectionIndex) -> str:
    """Return a row's category, or else that of its section."""
    section = known.section(line.where, line.row.section, line.row.answer)
    return line.row.category or (section.category if section else "uncategorised")


def _question(line: TableLine[_ExamRow], known: SectionIndex) -> Question:
    """Make an exam question of a row."""
    row, section = line.row, _section(line, known)
    return row.to_question(_category(line, known), section=section, fact=row.fact, extra=row.further)


def _label(line: TableLine[_Row], known: SectionIndex) -> Label:
    """Make a label of a row."""
    row = line.row
    return Label(
        question=row.question,
        answer=row.answer,
        method="human",
        section=_section(line, known),
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
