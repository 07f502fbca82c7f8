"""A folder of documents with its exam, and people's own labels where there are any, as Material."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError

from runner.component import component
from runner.corpus.document import read_text, sections
from runner.fault import Fault
from runner.records import Label, Material, Question, Section
from runner.wording import normal

R = TypeVar("R", bound=BaseModel)
SUFFIXES = {".md", ".markdown", ".txt"}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    category: str = ""
    section: str = ""
    fact: str = ""


class _ExamRow(_Row):
    id: str = ""
    aliases: list[str] = []


@component
class Folder:
    """Documents under `documents/`, `exam.jsonl` or `.csv`, and optionally `labels.jsonl` or `.csv` and `recorded/`.

    `sections` keeps only the first so many sections of each document, and `documents` only the named ones, with the
    questions and labels that belong to them; a small corpus out of a large one.
    """

    path: str
    purpose: str = ""
    title: str = ""
    documents: tuple[str, ...] = ()
    sections: PositiveInt | None = None

    @property
    def name(self) -> str:
        """The title, or the folder's name."""
        return self.title or Path(self.path).resolve().name

    def read(self) -> Material:
        """Sections, exam and labels; a Fault names the file and line of what can't be used."""
        root = Path(self.path).expanduser()
        everything = _documents(root)
        kept = self._chosen(root, everything)
        exam, labels = _rows(root, "exam", _ExamRow), _rows(root, "labels", _Row)
        if exam is None:
            raise Fault(
                f"{root} has documents but no exam.jsonl or exam.csv, so nothing could be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}'
            )
        _refuse_leaks(exam, labels or [])
        known = {section.id: section for section in everything}
        chosen = {section.id for section in kept}
        questions = tuple(_question(row, known) for row in exam if _belongs(row, known, chosen))
        if not questions:
            raise Fault(f"{root}: the exam has no question on the sections chosen by corpus.documents and corpus.sections")
        return Material(
            sections=kept,
            questions=questions,
            labels=tuple(_label(row, known) for row in labels or [] if _belongs(row, known, chosen)),
            purpose=self.purpose,
        )

    def _chosen(self, root: Path, everything: tuple[Section, ...]) -> tuple[Section, ...]:
        names = {Path(section.document).stem for section in everything}
        if unknown := sorted(set(self.documents) - names):
            raise Fault(f"corpus.documents names {', '.join(unknown)}; {root}/documents holds {', '.join(sorted(names))}")
        place: Counter[str] = Counter()
        kept = []
        for section in everything:
            place[section.document] += 1
            wanted = not self.documents or Path(section.document).stem in self.documents
            if wanted and (self.sections is None or place[section.document] <= self.sections):
                kept.append(section)
        return tuple(kept)


@dataclass(frozen=True)
class _Line:
    """A row with the place that it came from, for messages."""

    where: str
    row: Any


def _documents(root: Path) -> tuple[Section, ...]:
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder that holds documents/ and exam.jsonl")
    home = root / "documents"
    files = sorted(file for file in home.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)
    if not files:
        others = sorted({file.suffix for file in home.rglob("*") if file.is_file()}) if home.is_dir() else []
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(others) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    found = tuple(section for file in files for section in sections(file, home))
    if not found:
        raise Fault(f"{home}: the documents hold no text ({', '.join(file.name for file in files[:5])})")
    return found


def _rows(root: Path, stem: str, kind: type[R]) -> list[_Line] | None:
    """The rows of `stem`.jsonl or `stem`.csv, each with file and line; None where there is no such file."""
    files = [file for file in (root / f"{stem}.jsonl", root / f"{stem}.csv") if file.exists()]
    if len(files) > 1:
        raise Fault(f"{root} holds both {files[0].name} and {files[1].name}: expected one of them")
    if not files:
        return None
    file, lines, seen, faults = files[0], [], dict[str, str](), []
    for where, fields in _csv(file) if file.suffix == ".csv" else _jsonl(file):
        try:
            row = kind.model_validate(fields())
        except (ValueError, Fault) as error:
            faults.append(f"{where}: {_reason(error)}")
            continue
        for key in filter(None, (f"question {normal(row.question)!r}", getattr(row, "id", "") and f"id {row.id!r}")):  # type: ignore[attr-defined]
            if key in seen:
                faults.append(f"{where}: the same {key.split()[0]} as {seen[key]}: {key.split(' ', 1)[1]}")
            seen.setdefault(key, where)
        lines.append(_Line(where, row))
    if faults:
        more = f"\n(and {len(faults) - 10} more)" if len(faults) > 10 else ""
        raise Fault("\n".join(faults[:10]) + more)
    if not lines:
        raise Fault(f"{file} holds no line: expected one question a line")
    return lines


def _reason(error: ValueError | Fault) -> str:
    if isinstance(error, Fault):
        return str(error)
    if isinstance(error, ValidationError):
        parts = (f"{'.'.join(map(str, part['loc'])) or 'line'}: {part['msg'].lower()}" for part in error.errors())
        return "; ".join(parts) + ". Expected an object with question, answer and, where known, category, section, fact"
    return f'not JSON ({error}). Expected one object a line, such as {{"question": "...", "answer": "..."}}'


def _jsonl(file: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    for number, line in enumerate(read_text(file).split("\n"), start=1):  # JSON allows U+2028 within a string
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
        for row in reader:
            yield f"{file}:{reader.reader.line_num}", partial(_filled, row)
    except csv.Error as error:
        at = f"{file}:{reader.line_num + 1}"  # where the row begins: a quote left open reads on to the end of the file
        raise Fault(f'{at}: not CSV ({error}). Expected quotes around a whole field, and each quote within as ""') from error


def _filled(row: dict[str | Any, Any]) -> dict[str, Any]:
    if None in row:  # where DictReader puts what stands beyond the header
        more = ", ".join(row[None])
        raise Fault(f'more fields than the header names: {more}. Expected a field that holds commas in quotes ("...")')
    filled = {key: value for key, value in row.items() if value}
    if "aliases" in filled:
        filled["aliases"] = [alias.strip() for alias in filled["aliases"].split("|")]
    return filled


def _refuse_leaks(exam: list[_Line], labels: list[_Line]) -> None:
    asked = {normal(line.row.question): line.where for line in exam}
    leaks = [
        f"{line.where} and {asked[key]}: {line.row.question}" for line in labels if (key := normal(line.row.question)) in asked
    ]
    if leaks:
        raise Fault(
            "questions stand both in the labels and in the exam, which would be trained on what it is asked:\n"
            + "\n".join(leaks[:10])
        )


def _belongs(line: _Line, known: dict[str, Section], chosen: set[str]) -> bool:
    if line.row.section and line.row.section not in known:
        near = ", ".join(sorted(known)[:5])
        raise Fault(f"{line.where}: no section {line.row.section!r} in the documents. Expected file#heading, such as {near}")
    return not line.row.section or line.row.section in chosen


def _category(row: _Row, known: dict[str, Section]) -> str:
    return row.category or (known[row.section].category if row.section else "uncategorised")


def _question(line: _Line, known: dict[str, Section]) -> Question:
    row = line.row
    return Question(
        id=row.id or normal(row.question),
        question=row.question,
        answer=row.answer,
        category=_category(row, known),
        aliases=tuple(row.aliases),
        section=row.section,
        fact=row.fact,
    )


def _label(line: _Line, known: dict[str, Section]) -> Label:
    row = line.row
    return Label(
        question=row.question,
        answer=row.answer,
        method="human",
        section=row.section,
        category=_category(row, known),
        fact=row.fact,
        origin=Path(line.where).name,
        position=0,
    )
