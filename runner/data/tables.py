"""Tables of questions and answers: a .jsonl, .csv or .parquet file, or a folder of `datasets`, in; rows out.

Every row carries its place (file and line), and every Fault names it.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from runner.data.label_forms import fields as forms_fields
from runner.data.records import Question
from runner.data.stored_dataset import PlacedFields, dataset_rows, is_dataset
from runner.data.text import normal, one_form
from runner.data.text_file import read_text
from runner.errors import Fault

SUFFIXES = (".jsonl", ".csv", ".parquet")
# People also keep tables in these formats. They are not read, and a Fault says so: without it, a labels.json would be
# ignored in silence.
OTHER_SUFFIXES = (".json", ".ndjson", ".tsv", ".xlsx")
NEEDED = ("question", "answer")
MOST_FAULTS = 10  # of one file that are listed: more of them would scroll the first ones away


class TableRow(BaseModel):
    """Fields that every row has. A subclass adds its own; any other field is a fault."""

    # Forbidden, so that a misspelt column (catgory) is reported instead of ignored. Numbers are text, as in a .csv: a column of
    # Parquet that holds only numbers can hold them in no other way.
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    # Else one category would be reported as two that look alike.
    category: Annotated[str, AfterValidator(one_form)] = ""

    @field_validator("*", mode="before")
    @classmethod
    def _check_number(cls, value: Any) -> Any:
        # It would be read as the text "nan".
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("expected text or a number")
        return value

    def keys(self) -> dict[str, str]:
        """Return the values that must be unique in a table."""
        return {"question": normal(self.question)}


class ExamRow(TableRow):
    """A row of an exam."""

    id: str = ""
    aliases: list[str] = Field(default_factory=list)

    def keys(self) -> dict[str, str]:
        """Return the question and the id, if there is one."""
        return super().keys() | ({"id": self.id} if self.id else {})

    def to_question(self, category: str = "", **where: Any) -> Question:
        """Make an exam question of the row.

        Without a `category` the row's own is taken. `where` may name the section, the fact and further columns.
        """
        return Question(
            # Grades and answers refer to a question by its id. The normalised words serve where a table has none: they
            # stay the same if rows are added or moved.
            id=self.id or normal(self.question),
            question=self.question,
            answer=self.answer,
            category=category or self.category or "uncategorised",
            aliases=tuple(self.aliases),
            **where,
        )


R = TypeVar("R", bound=TableRow)
R_co = TypeVar("R_co", bound=TableRow, covariant=True)


@dataclass(frozen=True)
class TableLine(Generic[R_co]):
    """A row and its place (file:line), for messages."""

    where: str
    row: R_co


def table_files(root: Path, stem: str) -> list[Path]:
    """List the files of a table, in every format.

    The formats that are not read are listed too, since `rows` refuses them.
    """
    folder = [file for file in sorted((root / stem).rglob("*")) if file.is_file()] if is_dataset(root / stem) else []
    # In capitals too, as some programs write them: Exam.CSV would else be a document, with all of its answers.
    beside = sorted(root.iterdir()) if root.is_dir() else []
    wanted = [f"{stem}{suffix}" for suffix in (*SUFFIXES, *OTHER_SUFFIXES)]
    return [*(file for name in wanted for file in beside if file.name.lower() == name and file.exists()), *folder]


def rows(root: Path, stem: str, kind: type[R]) -> list[TableLine[R]] | None:
    """Read the rows of a table: `stem`.jsonl, .csv, .parquet or a folder.

    Return None if there is none of them. Raise a Fault that lists up to ten faulty lines.
    """
    file = _table_file(root, stem)
    return None if file is None else file_rows(file, kind)


def file_rows(file: Path, kind: type[R]) -> list[TableLine[R]]:
    """Read the rows of this file, whatever lies beside it.

    Raise a Fault that lists up to ten faulty lines, or names a format that is not read.
    """
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES and not is_dataset(file):
        raise Fault(f"{file} is not read. Expected a file ending in .jsonl (an object a line), .csv or .parquet")
    if suffix == ".csv":
        # Some tables have other names for the two.
        return checked_rows(_csv(file, [kind.model_fields[name].alias or name for name in NEEDED]), kind, str(file))
    reader = _jsonl if suffix == ".jsonl" else dataset_rows
    return checked_rows(reader(file), kind, str(file))


def checked_rows(placed: Iterable[PlacedFields], kind: type[R], source: str) -> list[TableLine[R]]:
    """Make rows of fields.

    Raise a Fault that lists up to ten faulty ones, or names `source` if there is no row.
    """
    lines, first_places, faults = [], dict[tuple[str, str], str](), []
    for where, fields in placed:
        # A line is parsed here and not in the iterator, so that one faulty line does not hide the next ones.
        try:
            # A field without a value is as good as none.
            row = kind.model_validate(forms_fields({name: value for name, value in fields().items() if value is not None}))
        except (ValueError, Fault) as error:
            faults.append(f"{where}: {_reason(error, kind)}")
            continue
        for name, value in row.keys().items():
            if (name, value) in first_places:
                # A question is shown as it is written: its normalised words may look like another question.
                shown = value if name == "id" else row.question
                faults.append(f"{where}: the same {name} as {first_places[name, value]}: {shown!r}")
            first_places.setdefault((name, value), where)
        lines.append(TableLine(where, row))
    if faults:
        more = f"\n(and {len(faults) - MOST_FAULTS} more)" if len(faults) > MOST_FAULTS else ""
        raise Fault("\n".join(faults[:MOST_FAULTS]) + more)
    if not lines:
        raise Fault(f"{source} holds no line: expected one question a line")
    return lines


def _table_file(root: Path, stem: str) -> Path | None:
    """Find the file of a table; None if there is none."""
    everything = [file for file in table_files(root, stem) if file.parent == root]
    files = [file for file in everything if file.suffix.lower() in SUFFIXES]
    # Which of two files is the newer one cannot be known, so none is preferred.
    files += [root / stem] if is_dataset(root / stem) else []
    if len(files) > 1:
        raise Fault(f"{root} holds both {files[0].name} and {files[1].name}: expected one of them. Remove the other")
    if files:
        return files[0]
    if everything:
        name = everything[0].name
        raise Fault(f"{root} holds {name}, which is not read. Expected {stem}.jsonl, an object a line, or {stem}.csv")
    return None


def refuse_leaks(exam: Sequence[TableLine[TableRow]], trained: Sequence[TableLine[TableRow]], source: str) -> None:
    """Refuse exam questions that are also trained on.

    Raise a Fault that names both places of each. `source` names the training table in the message, such as "labels".
    """
    places = {normal(line.row.question): line.where for line in exam}
    leaks = [
        f"{line.where} and {places[key]}: {line.row.question}" for line in trained if (key := normal(line.row.question)) in places
    ]
    if leaks:
        raise Fault(
            f"questions are both in the {source} and in the exam, so a model would be trained on its own exam. "
            "Remove each from one of the two files:\n" + "\n".join(leaks[:MOST_FAULTS])
        )


def _reason(error: ValueError | Fault, kind: type[TableRow]) -> str:
    """Explain why a line is no row of this kind."""
    if isinstance(error, Fault):
        return str(error)
    # pydantic's ValidationError is a ValueError too, as is json's; so the order of these tests matters.
    if isinstance(error, ValidationError):
        parts = (f"{'.'.join(map(str, part['loc'])) or 'line'}: {part['msg'].lower()}{_found(part)}" for part in error.errors())
        names: dict[bool, list[str]] = {True: [], False: []}
        for name, field in kind.model_fields.items():
            names[field.is_required()].append(field.alias or name)
        needed, more = (", ".join(names[required]) for required in (True, False))
        return "; ".join(parts) + f". Expected an object with {needed} and, where known, {more}"
    return f'not JSON ({error}). Expected one object a line, such as {{"question": "...", "answer": "..."}}'


def _found(part: ErrorDetails) -> str:
    """Show the wrong value of a field."""
    # Without a field, or where it is missing, the value is the whole row.
    return f", found {part['input']!r:.60}" if part["loc"] and part["type"] != "missing" else ""


def _jsonl(file: Path) -> Iterator[PlacedFields]:
    """Yield each line's place and a function that parses it."""
    text = read_text(file)
    if text.lstrip().startswith("["):
        raise Fault(f"{file} is one JSON array. Expected an object a line: jq -c '.[]' {file.name}")
    # Not splitlines(): it also breaks at U+2028, which JSON allows within a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{file}:{number}", partial(_object, line)


def _object(line: str) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise Fault(f'{line.strip()[:60]} is not an object. Expected one, such as {{"question": "...", "answer": "..."}}')
    return value


def _csv(file: Path, needed: Sequence[str]) -> Iterator[PlacedFields]:
    """Yield each row's place and a function that checks it."""
    # newline="" leaves line ends within quotes as they are. strict makes csv report a stray quote, which it would
    # otherwise take as part of the field.
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        _check_header(file, reader.fieldnames or needed, needed)  # an empty file passes here: `rows` reports that it has no line
        for row in reader:
            if not any(row.values()):  # spreadsheets save empty rows too
                continue
            # The inner reader's number: DictReader's own does not count the empty lines that it skips.
            yield f"{file}:{reader.reader.line_num}", partial(_filled, row)
    except csv.Error as error:
        # A quote that is left open reads on to the end of the file; so the message names the line where the row begins.
        at = f"{file}:{reader.line_num + 1}"
        raise Fault(f'{at}: not CSV ({error}). Expected quotes around a whole field, and each quote within as ""') from error


def _check_header(file: Path, names: Sequence[str], needed: Sequence[str]) -> None:
    """Check that the first line names the columns."""
    # Excel writes semicolons where the comma is the decimal point. Then the whole header is read as one name.
    separator = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), "")
    if separator:
        raise Fault(f"{file}:1: the fields are separated by {separator!r}. Expected commas")
    if repeated := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise Fault(f"{file}:1: the header names {', '.join(repeated)} more than once. Expected each column once")
    if not set(needed) <= set(names):
        raise Fault(f"{file}:1: found {', '.join(names)!r}. Expected a header that names the columns: {','.join(needed)}")


def _filled(row: dict[str | Any, Any]) -> dict[str, Any]:
    """Return the filled fields of a CSV row."""
    if None in row:  # DictReader's key for the fields beyond the header
        more = ", ".join(row[None])
        raise Fault(f'more fields than the header names: {more}. Expected a field that holds commas in quotes ("...")')
    # An empty cell means "not given". Left in, an empty `aliases` would become one alias that is empty. A column without a
    # name is the index that pandas writes.
    filled = {key: value for key, value in row.items() if value and key}
    if "aliases" in filled:
        # CSV has no lists; a bar is rare in answers, unlike a comma.
        filled["aliases"] = [alias.strip() for alias in filled["aliases"].split("|")]
    return filled
