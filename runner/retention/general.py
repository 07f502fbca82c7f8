"""A folder of general questions, of pairs to replay and of a page of text, as Knowledge."""

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.records import Knowledge, digest
from runner.data.stratify import spread
from runner.data.tables import ExamRow, TableRow, read_text, refuse_leaks, rows
from runner.data.text import normal
from runner.errors import Fault


class _Pair(TableRow):
    """A pair to replay, whose place its id decides, or its question where it has none."""

    id: str = ""


@component
class General:
    """`exam.jsonl` or `.csv`, and where there are any `replay.jsonl` or `.csv` and `page.md`, in the folder `path`.

    `questions` asks only the first so many, each subject in about its share; the order is the same for every run, so
    that fewer questions are a part of more.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # what the folder holds counts, not where it lies

    path: str
    floor: Annotated[float, Field(ge=0, le=1)]
    questions: PositiveInt | None = None

    @property
    def name(self) -> str:
        """The folder's name."""
        return Path(self.path).expanduser().resolve().name

    def read(self) -> Knowledge:
        """Questions, pairs and page; a Fault names the file and line of what can't be used."""
        root = Path(self.path).expanduser()
        if not root.is_dir():
            raise Fault(f"retention.path={self.path}: no such folder. Expected a folder that holds exam.jsonl or exam.csv")
        exam, replay = rows(root, "exam", ExamRow), rows(root, "replay", _Pair) or []
        if exam is None:
            raise Fault(
                f"{root} has no exam.jsonl or exam.csv, so what tuning broke could not be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}; or leave it out: retention=none'
            )
        refuse_leaks(exam, replay, "replay pairs")
        # by digest: within a subject, a file runs from easy to hard, or from one theme to the next
        questions = spread(sorted((line.row.to_question() for line in exam), key=lambda question: digest(question.id)))
        pairs = spread(sorted((line.row for line in replay), key=lambda row: digest(row.id or normal(row.question))))
        return Knowledge(
            questions=tuple(questions[: self.questions]),
            replay=tuple((row.question, row.answer) for row in pairs),
            page=_page(root / "page.md"),
        )


def _page(file: Path) -> str:
    if not file.exists():
        return ""
    text = read_text(file).strip()
    if not text:
        raise Fault(f"{file} holds no text: expected a page of general prose. Write one, or remove the file")
    return text
