"""A data set of `datasets`: its rows in, Material out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache, partial
from hashlib import sha256
from itertools import chain, count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from runner.component import component
from runner.corpus.document_report import report
from runner.corpus.documents import reading_notes, reading_remarks
from runner.corpus.readers import Document
from runner.corpus.references import SectionIndex
from runner.corpus.rows import LabelRow, PlacedExamRow, doubts, exam_origin, exam_question, person_label
from runner.corpus.sectioning import LONGEST, Sectioning, sections
from runner.data.records import Material, canonical, digest
from runner.data.stored_dataset import DatasetPlace, file_stamps, load, named_columns
from runner.data.tables import R, TableLine, checked_rows, refuse_leaks
from runner.data.text import one_form
from runner.errors import Fault
from runner.terminal.progress import progress

if TYPE_CHECKING:
    from datasets import Dataset


@component
class DocumentColumns:
    """The columns of a row that is a document."""

    text: str = "text"
    title: str | None = None
    category: str | None = None


@component
class TableColumns:
    """The columns of a question or label."""

    question: str = "question"
    answer: str = "answer"
    category: str | None = None
    aliases: str | None = None
    section: str | None = None
    fact: str | None = None
    origin: str | None = None


@component
class ExamColumns(TableColumns):
    """The columns of a question of the exam."""

    edition: str | None = None


@component
class HubTable:
    """A table of labels: where it is, and its columns."""

    path: str | None = None
    config: str | None = None
    split: str | None = None
    revision: str | None = None
    columns: TableColumns = TableColumns()


@component
class HubExam(HubTable):
    """An exam: where it is, and its columns."""

    columns: ExamColumns = ExamColumns()


@component
class Hub:
    """The rows of a data set, each a document.

    `path` is a name at the Hugging Face hub, or a folder or file here. Exam and labels come from other splits, configs or data
    sets. Nothing that a data set holds is run.
    """

    path: str
    config: str | None = None
    split: str | None = None
    revision: str | None = None
    columns: DocumentColumns = DocumentColumns()
    exam: HubExam = HubExam()
    labels: HubTable = HubTable()
    purpose: str = ""
    title: str = ""
    longest: Annotated[int, Field(ge=50)] = LONGEST

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # the rows count (`state`), not where they are

    @property
    def name(self) -> str:
        """Title, or else the name of the data set."""
        return self.title or PurePosixPath(self.path.rstrip("/")).name

    def state(self) -> str:
        """Return a digest of all values that `read` reads."""
        places = [(self._place, asdict(self.columns), "corpus.columns"), *self._tables()]
        values = [_digest(place, tuple(columns.items()), setting, file_stamps(place)) for place, columns, setting in places]
        # A row without a category has the name of the data set as its category.
        return digest([*values, self.name])

    def read(self) -> Material:
        """Read sections, exam and labels.

        Raise a Fault that names the row or the column if something can't be used.
        """
        read = self._documents()
        documents = self._sections(read)
        known = SectionIndex(documents.sections, {name: ids for parts in read for name, ids in parts.others.items()})
        exam, labels = self._lines("exam", PlacedExamRow), self._lines("labels", LabelRow)
        refuse_leaks(exam, labels, "labels")
        questions = tuple(exam_question(line, known) for line in exam)
        return replace(
            documents,
            questions=questions,
            labels=tuple(person_label(line, known) for line in labels),
            purpose=self.purpose,
            notes=(*documents.notes, *doubts(exam, labels, known, questions, documents.sections)),
            exam_origin=exam_origin(exam),
        )

    def read_sections(self) -> Material:
        """Read the sections, with notes; no exam is needed."""
        return self._sections(self._documents())

    def _sections(self, read: Sequence[Sectioning]) -> Material:
        """Join the sections of all rows; note what they repeat."""
        kept = tuple(section for parts in read for section in parts.sections)
        whole = report(kept, ())
        empty = sum(not parts.sections for parts in read)
        left_out = [f"{empty} of {len(read)} rows hold no text"] if empty else []
        notes = (*left_out, *reading_notes(read, self.longest), *whole.notes(dropped=False))
        return Material(sections=kept, questions=(), notes=notes, remarks=(*reading_remarks(read), *whole.remarks()))

    @property
    def _place(self) -> DatasetPlace:
        return DatasetPlace(path=self.path, config=self.config, split=self.split, revision=self.revision)

    def _tables(self) -> Iterator[tuple[DatasetPlace, dict[str, str | None], str]]:
        """Yield place, columns and setting of exam and labels."""
        for name, table in (("exam", self.exam), ("labels", self.labels)):
            if table.path or table.config or table.split:
                revision = table.revision if table.path else table.revision or self.revision
                config = table.config if table.path else table.config or self.config
                place = DatasetPlace(path=table.path or self.path, config=config, split=table.split, revision=revision)
                yield place, asdict(table.columns), f"corpus.{name}.columns"

    def _lines(self, name: str, kind: type[R]) -> list[TableLine[R]]:
        """Return the rows of exam or labels."""
        for place, columns, setting in self._tables():
            if setting == f"corpus.{name}.columns":
                rows = named_columns(_loaded(place, file_stamps(place)), place, columns, setting)
                return checked_rows(((f"{place}:{at}", partial(dict, row)) for at, row in enumerate(rows, 1)), kind, str(place))
        return []

    def _documents(self) -> list[Sectioning]:
        """Return the sections of each row."""
        dataset, read = _loaded(self._place, file_stamps(self._place)), list[Sectioning]()
        taken = set[str]()
        with progress("rows read", len(dataset)) as advance:
            for number, row in enumerate(named_columns(dataset, self._place, asdict(self.columns), "corpus.columns"), 1):
                text, title = (_text(row.get(name), f"{self._place}:{number}", name) for name in ("text", "title"))
                category = _text(row.get("category"), f"{self._place}:{number}", "category")
                # A row is called by its title, so that a row that is inserted renames no other.
                name = one_form(title).replace("/", "-") or f"row {number}"
                numbered = (f"{name} ({times})" for times in count(2))
                path = PurePosixPath(next(form for form in chain([name], numbered) if form not in taken))
                taken.add(str(path))
                places = ((0, f"row {number}"),)
                document = Document(markdown=text, title=one_form(title), category=category or self.name, places=places)
                read.append(sections(path, document, self.longest))
                advance()
        if not any(parts.sections for parts in read):
            raise Fault(
                f"{self._place}: no row has text in its column {self.columns.text}. Name another: corpus.columns.text=..."
            )
        return read


def _text(value: Any, where: str, name: str) -> str:
    """Return a text; none is an empty one."""
    if not isinstance(value, str | None):
        raise Fault(f"{where}: {name} is {value!r:.60}, expected text. Name another column: corpus.columns.{name}=...")
    # As in a file: a lone carriage return ends a line for the parser of Markdown.
    return (value or "").replace("\r\n", "\n").replace("\r", "\n")


@cache
def _loaded(place: DatasetPlace, stamps: tuple[Any, ...]) -> "Dataset":
    """Load a data set once for a whole sweep."""
    return load(place)


@cache
def _digest(place: DatasetPlace, columns: tuple[tuple[str, str | None], ...], setting: str, stamps: tuple[Any, ...]) -> str:
    """Hash the values of a data set's columns."""
    # Not the library's own fingerprint, which changes with the place of a folder.
    values = sha256()
    for row in named_columns(_loaded(place, stamps), place, dict(columns), setting):
        values.update(canonical(row).encode("utf-8", "surrogatepass"))
    return values.hexdigest()
