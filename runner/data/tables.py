"""Tables of questions and answers: a .jsonl or .csv file in, rows out.

Every row carries its place (file and line), and every Fault names it.
"""

import csv
import io
import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from stat import S_ISREG, filemode
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from runner.data.records import Question
from runner.data.text import normal, one_form
from runner.errors import Fault

SUFFIXES = (".jsonl", ".csv")
# People also keep tables in these formats. They are not read, and a Fault says so: without it, a labels.json would be
# ignored in silence.
OTHER_SUFFIXES = (".json", ".ndjson", ".tsv", ".xlsx")
NEEDED = ("question", "answer")
MOST_FAULTS = 10  # of one file that are listed: more of them would scroll the first ones away


class TableRow(BaseModel):
    """Fields that every row has. A subclass adds its own; any other field is a fault."""

    # Forbidden, so that a misspelt column (catgory) is reported instead of ignored.
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    # Else one category would be reported as two that look alike.
    category: Annotated[str, AfterValidator(one_form)] = ""

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


def read_text(file: Path) -> str:
    """Read a UTF-8 text file.

    Raise a Fault if the file cannot be read, is not UTF-8 or holds no text.
    """
    content = read_bytes(file)
    # The mark says which of both it is.
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = _recoded(file, content)
    # UTF-16 without a mark is UTF-8 too, as long as its letters are those of English: each has a NUL beside it.
    if (place := content.find(0)) >= 0:
        raise Fault(f"{file}: byte {place} is NUL, which no text holds. If it is UTF-16: {_converted(file, 'UTF-16LE')}")
    try:
        text = content.decode("utf-8-sig")  # -sig: Excel and Notepad write a byte order mark first
    except UnicodeDecodeError as error:
        raise Fault(
            f"{file} is not UTF-8 (byte {error.start} is {content[error.start]:#04x}). "
            f"Convert it: {_converted(file, 'WINDOWS-1252')}"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(file: Path) -> bytes:
    """Read a regular file. Raise a Fault if it can't be read."""
    check_regular(file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def _recoded(file: Path, content: bytes) -> bytes:
    """Turn UTF-16 into UTF-8."""
    try:
        return content.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise Fault(f"{file} begins as UTF-16, but byte {error.start} is none. Save it as UTF-8") from error


def _converted(file: Path, encoding: str) -> str:
    """Return the command that converts a file to UTF-8."""
    return f"iconv -f {encoding} -t UTF-8 {quote(file.name)}"


def check_regular(file: Path) -> None:
    """Raise a Fault if a file has no definite end."""
    # A pipe would keep the command waiting for ever, and a device may have no end.
    try:
        mode = file.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        raise Fault(f"{file} can't be read: {error}. Check its permissions, and where it leads if it is a link") from error
    if not S_ISREG(mode):
        kinds = {"p": "pipe", "s": "socket", "c": "device", "b": "device", "d": "folder"}
        raise Fault(
            f"{file} is a {kinds.get(filemode(mode)[0], 'special file')}. Expected a regular file: copy the content into one"
        )


def table_files(root: Path, stem: str) -> list[Path]:
    """List the files of a table, in every format.

    The formats that are not read are listed too, since `rows` refuses them.
    """
    return [file for suffix in (*SUFFIXES, *OTHER_SUFFIXES) if (file := root / f"{stem}{suffix}").exists()]


def rows(root: Path, stem: str, kind: type[R]) -> list[TableLine[R]] | None:
    """Read the rows of `stem`.jsonl or `stem`.csv.

    Return None if neither file exists. Raise a Fault that lists up to ten faulty lines of the file.
    """
    file = _table_file(root, stem)
    if file is None:
        return None
    lines, first_places, faults = [], dict[tuple[str, str], str](), []
    for where, fields in _csv(file) if file.suffix == ".csv" else _jsonl(file):
        # A line is parsed here and not in the iterator, so that one faulty line does not hide the next ones.
        try:
            # A field without a value is as good as none.
            row = kind.model_validate({name: value for name, value in fields().items() if value is not None})
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
        raise Fault(f"{file} holds no line: expected one question a line")
    return lines


def _table_file(root: Path, stem: str) -> Path | None:
    """Find the file of a table; None if there is none."""
    everything = table_files(root, stem)
    files = [file for file in everything if file.suffix in SUFFIXES]
    # Which of two files is the newer one cannot be known, so none is preferred.
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
        parts = (f"{'.'.join(map(str, part['loc'])) or 'line'}: {part['msg'].lower()}" for part in error.errors())
        names: dict[bool, list[str]] = {True: [], False: []}
        for name, field in kind.model_fields.items():
            names[field.is_required()].append(field.alias or name)
        needed, more = (", ".join(names[required]) for required in (True, False))
        return "; ".join(parts) + f". Expected an object with {needed} and, where known, {more}"
    return f'not JSON ({error}). Expected one object a line, such as {{"question": "...", "answer": "..."}}'


def _jsonl(file: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
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


def _csv(file: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield each row's place and a function that checks it."""
    # newline="" leaves line ends within quotes as they are. strict makes csv report a stray quote, which it would
    # otherwise take as part of the field.
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        _check_header(file, reader.fieldnames or NEEDED)  # an empty file passes here: `rows` reports that it has no line
        for row in reader:
            if not any(row.values()):  # spreadsheets save empty rows too
                continue
            # The inner reader's number: DictReader's own does not count the empty lines that it skips.
            yield f"{file}:{reader.reader.line_num}", partial(_filled, row)
    except csv.Error as error:
        # A quote that is left open reads on to the end of the file; so the message names the line where the row begins.
        at = f"{file}:{reader.line_num + 1}"
        raise Fault(f'{at}: not CSV ({error}). Expected quotes around a whole field, and each quote within as ""') from error


def _check_header(file: Path, names: Sequence[str]) -> None:
    """Check that the first line names the columns."""
    # Excel writes semicolons where the comma is the decimal point. Then the whole header is read as one name.
    separator = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), "")
    if separator:
        raise Fault(f"{file}:1: the fields are separated by {separator!r}. Expected commas")
    if repeated := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise Fault(f"{file}:1: the header names {', '.join(repeated)} more than once. Expected each column once")
    if not set(NEEDED) <= set(names):
        raise Fault(f"{file}:1: found {', '.join(names)!r}. Expected a header that names the columns: {','.join(NEEDED)}")


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
