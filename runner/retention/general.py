"""General questions in a folder: tables and a page in, GeneralSet out.

They are asked before and after tuning. Pairs can be replayed during tuning, and the page's perplexity is measured.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Field, PositiveInt, model_validator

from runner.component import component
from runner.data.general_pairs import in_order, pair_lines
from runner.data.general_set import GeneralSet
from runner.data.records import Question, digest
from runner.data.reply_rules import RULES, ReplyRules
from runner.data.stratify import spread
from runner.data.tables import ExamRow, TableLine, refuse_leaks, rows
from runner.data.templates import fill, with_places
from runner.data.text import normal
from runner.data.text_file import read_text
from runner.errors import Fault


class _Instruction(ExamRow):
    """A row with rules and an example that follows them."""

    rules: ReplyRules

    @model_validator(mode="after")
    def _check_example(self) -> Self:
        if not self.rules.names:
            raise Fault(f"rules: found none. Expected at least one of {', '.join(RULES)}")
        # No good answer can follow a rule that the writer's own example breaks.
        if broken := self.rules.broken(self.answer):
            raise Fault(f"the answer {self.answer[:60]!r} breaks its own rules: {', '.join(broken)}. Correct one of the two")
        return self


class _Reading(ExamRow):
    """A row whose question is answered by its passage."""

    passage: str = Field(min_length=1)


Tables: TypeAlias = Mapping[str, Sequence[TableLine[ExamRow]]]
# The tables of questions, each with the form of its rows. Its name is the kind of its questions, but for the first table.
_TABLES: Mapping[str, type[ExamRow]] = {"exam": ExamRow, "instructions": _Instruction, "passages": _Reading}
_KINDS = {"exam": "knowledge"}


@component
class General:
    """A folder with an exam of general questions.

    The exam is `exam.jsonl` or `.csv`. Optional are `instructions.jsonl`, whose answers are graded by rules, `passages.jsonl` or
    `.csv`, whose questions are put with a passage in `prompt`, `replay.jsonl` or `.csv`, and `page.md`. `questions` limits how
    many are asked, with each subject in about its share. A smaller limit gives a part of the questions of a larger one.
    """

    # The content of the folder counts, not where it is. What `prompt` changes shows in the questions.
    incidental: ClassVar[frozenset[str]] = frozenset({"path", "prompt"})

    path: str
    prompt: Annotated[str, with_places("passage", "question")]
    floor: Annotated[float, Field(ge=0, le=1)]
    questions: PositiveInt | None = None

    @property
    def name(self) -> str:
        """Name of the folder."""
        return Path(self.path).expanduser().resolve().name

    def read(self) -> GeneralSet:
        """Read and check questions, pairs and page.

        Raise a Fault that names file and line if something cannot be used.
        """
        root = Path(self.path).expanduser()
        if not root.is_dir():
            raise Fault(f"retention.path={self.path}: no such folder. Expected a folder that holds exam.jsonl or exam.csv")
        tables, replay = _tables(root), pair_lines(root)
        refuse_leaks([line for lines in tables.values() for line in lines], replay, "replay pairs")
        # Sorted by digest first: within a subject a file often goes from easy to hard or from theme to theme, and a limit would
        # take the easy ones only. A digest needs no seed, so the order is the same in every run.
        questions = spread(sorted(self._questions(tables), key=lambda question: digest(question.id)))
        return GeneralSet(
            questions=tuple(questions[: self.questions]),
            replay=in_order(replay),
            page=_page(root / "page.md"),
        )

    def _questions(self, tables: Tables) -> Iterator[Question]:
        """Make the questions; they name their kind if there are several."""
        for name, lines in tables.items():
            kind = _KINDS.get(name, name) if len(tables) > 1 else ""
            for row in (line.row for line in lines):
                if isinstance(row, _Instruction):
                    yield row.to_question(kind=kind, rules=row.rules)
                elif isinstance(row, _Reading):
                    yield row.to_question(kind=kind, prompt=fill(self.prompt, passage=row.passage, question=row.question))
                else:
                    yield row.to_question(kind=kind)


def _tables(root: Path) -> Tables:
    """Read the tables of questions, by name."""
    tables = {name: lines for name, kind in _TABLES.items() if (lines := rows(root, name, kind))}
    if "exam" not in tables:
        raise Fault(
            f"{root} has no exam.jsonl or exam.csv, so what tuning broke could not be measured. Write one: a line a "
            'question, {"question": "...", "answer": "...", "category": "..."}; or leave it out: retention=none'
        )
    places: dict[str, str] = {}
    for line in (line for lines in tables.values() for line in lines):
        # Within a table this was checked. Answers are known by these ids, so one would pass for the other.
        if (name := line.row.id or normal(line.row.question)) in places:
            raise Fault(f"{line.where}: the same question as {places[name]}: {line.row.question!r}. Remove one of them")
        places[name] = line.where
    return tables


def _page(file: Path) -> str:
    """Read the page of text; an empty string if there is no file."""
    if not file.exists():
        return ""
    text = read_text(file).strip()
    # An empty page has no perplexity. Nobody leaves such a file on purpose, so it is not taken for a missing one.
    if not text:
        raise Fault(f"{file} holds no text: expected a page of general prose. Write one, or remove the file")
    return text
