"""A table of questions and answers, .jsonl or .csv, to rows with their places; a Fault names file and line."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runner.data.records import Question
from runner.data.text import normal
from runner.errors import Fault

OTHERS = (".json", ".ndjson", ".tsv", ".xlsx")  # in which people keep tables too
NEEDED = ("question", "answer")


class Row(BaseModel):
    """What every row holds; a kind of row adds its own fields, and any other field is a fault."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    category: str = ""

    def keys(self) -> dict[str, str]:
        """What no other row of a table may hold, by what people call it."""
        return {"question": normal(self.question)}


class ExamRow(Row):
    """A row of an exam."""

    id: str = ""
    aliases: list[str] = Field(default_factory=list)

    def keys(self) -> dict[str, str]:
        """The question, and the id where there is one."""
        return super().keys() | ({"id": self.id} if self.id else {})

    def asked(self, category: str = "", **where: str) -> Question:
        """The row as a question of this category, or its own; `where` names section and fact."""
        return Question(
            id=self.id or normal(self.question),
            question=self.question,
            answer=self.answer,
            category=category or self.category or "uncategorised",
            aliases=tuple(self.aliases),
            **where,
        )


R = TypeVar("R", bound=Row)
Held = TypeVar("Held", bound=Row, covariant=True)


@dataclass(frozen=True)
class Line(Generic[Held]):
    """A row with the place that it came from, for messages."""

    where: str
    row: Held


def read_text(file: Path) -> str:
    """A file's text, which must be UTF-8; a Fault where it is not or can't be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(
            f"{file} is not UTF-8 (byte {error.start} is {error.object[error.start]:#04x}). "
            f"Convert it: iconv -f WINDOWS-1252 -t UTF-8 {file.name}"
        ) from error
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def rows(root: Path, stem: str, kind: type[R]) -> list[Line[R]] | None:
    """The rows of `stem`.jsonl or `stem`.csv, each with file and line; None where there is no such file."""
    files = [file for file in (root / f"{stem}.jsonl", root / f"{stem}.csv") if file.exists()]
    if len(files) > 1:
        raise Fault(f"{root} holds both {files[0].name} and {files[1].name}: expected one of them")
    if not files:
        if others := [file.name for ending in OTHERS if (file := root / f"{stem}{ending}").exists()]:
            raise Fault(f"{root} holds {others[0]}, which is not read. Expected {stem}.jsonl, an object a line, or {stem}.csv")
        return None
    file, lines, seen, faults = files[0], [], dict[tuple[str, str], str](), []
    for where, fields in _csv(file) if file.suffix == ".csv" else _jsonl(file):
        try:
            row = kind.model_validate(fields())
        except (ValueError, Fault) as error:
            faults.append(f"{where}: {_reason(error, kind)}")
            continue
        for name, value in row.keys().items():
            if (name, value) in seen:
                found = value if name == "id" else row.question
                faults.append(f"{where}: the same {name} as {seen[name, value]}: {found!r}")
            seen.setdefault((name, value), where)
        lines.append(Line(where, row))
    if faults:
        more = f"\n(and {len(faults) - 10} more)" if len(faults) > 10 else ""
        raise Fault("\n".join(faults[:10]) + more)
    if not lines:
        raise Fault(f"{file} holds no line: expected one question a line")
    return lines


def refuse_leaks(exam: Sequence[Line[Row]], taught: Sequence[Line[Row]], source: str) -> None:
    """Raise a Fault where a question of the exam is also in what is trained on, which `source` names for people."""
    asked = {normal(line.row.question): line.where for line in exam}
    leaks = [
        f"{line.where} and {asked[key]}: {line.row.question}" for line in taught if (key := normal(line.row.question)) in asked
    ]
    if leaks:
        raise Fault(
            f"questions stand both in the {source} and in the exam, which would be trained on what it is asked:\n"
            + "\n".join(leaks[:10])
        )


def _reason(error: ValueError | Fault, kind: type[Row]) -> str:
    if isinstance(error, Fault):
        return str(error)
    if isinstance(error, ValidationError):
        parts = (f"{'.'.join(map(str, part['loc'])) or 'line'}: {part['msg'].lower()}" for part in error.errors())
        names: dict[bool, list[str]] = {True: [], False: []}
        for name, field in kind.model_fields.items():
            names[field.is_required()].append(field.alias or name)
        needed, more = (", ".join(names[required]) for required in (True, False))
        return "; ".join(parts) + f". Expected an object with {needed} and, where known, {more}"
    return f'not JSON ({error}). Expected one object a line, such as {{"question": "...", "answer": "..."}}'


def _jsonl(file: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    text = read_text(file)
    if text.lstrip().startswith("["):
        raise Fault(f"{file} is one JSON array. Expected an object a line: jq -c '.[]' {file.name}")
    for number, line in enumerate(text.split("\n"), start=1):  # JSON allows U+2028 within a string
        if line.strip():
            yield f"{file}:{number}", partial(_object, line)


def _object(line: str) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise Fault(f'{line.strip()[:60]} is not an object. Expected one, such as {{"question": "...", "answer": "..."}}')
    return found


def _csv(file: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        _check_header(file, reader.fieldnames or NEEDED)  # an empty file has no row either
        for row in reader:
            yield f"{file}:{reader.reader.line_num}", partial(_filled, row)
    except csv.Error as error:
        at = f"{file}:{reader.line_num + 1}"  # where the row begins: a quote left open reads on to the end of the file
        raise Fault(f'{at}: not CSV ({error}). Expected quotes around a whole field, and each quote within as ""') from error


def _check_header(file: Path, names: Sequence[str]) -> None:
    mark = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), "")
    if mark:
        raise Fault(f"{file}:1: the fields are separated by {mark!r}. Expected commas")
    if not set(NEEDED) <= set(names):
        raise Fault(f"{file}:1: found {', '.join(names)!r}. Expected a header that names the columns: {','.join(NEEDED)}")


def _filled(row: dict[str | Any, Any]) -> dict[str, Any]:
    if None in row:  # where DictReader puts what stands beyond the header
        more = ", ".join(row[None])
        raise Fault(f'more fields than the header names: {more}. Expected a field that holds commas in quotes ("...")')
    filled = {key: value for key, value in row.items() if value}
    if "aliases" in filled:
        filled["aliases"] = [alias.strip() for alias in filled["aliases"].split("|")]
    return filled
