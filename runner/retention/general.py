"""General questions in a folder: tables and a page in, GeneralSet out.

They are asked before and after tuning. Pairs can be replayed during tuning, and the page's perplexity is measured.
"""

from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, PositiveInt

from runner.component import component
from runner.data.general_pairs import in_order, pair_lines
from runner.data.records import GeneralSet, digest
from runner.data.stratify import spread
from runner.data.tables import ExamRow, refuse_leaks, rows
from runner.data.text_file import read_text
from runner.errors import Fault


@component
class General:
    """A folder with an exam of general questions.

    The exam is `exam.jsonl` or `.csv`; `replay.jsonl` or `.csv` and `page.md` are optional. `questions` limits how many are
    asked, with each subject in about its share. A smaller limit gives a part of the questions of a larger one.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"path"})  # the content of the folder counts, not where it is

    path: str
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
        exam, replay = rows(root, "exam", ExamRow), pair_lines(root)
        if exam is None:
            raise Fault(
                f"{root} has no exam.jsonl or exam.csv, so what tuning broke could not be measured. Write one: a line a "
                'question, {"question": "...", "answer": "...", "category": "..."}; or leave it out: retention=none'
            )
        refuse_leaks(exam, replay, "replay pairs")
        # Sorted by digest first: within a subject a file often goes from easy to hard or from theme to theme, and a limit would
        # take the easy ones only. A digest needs no seed, so the order is the same in every run.
        questions = spread(sorted((line.row.to_question() for line in exam), key=lambda question: digest(question.id)))
        return GeneralSet(
            questions=tuple(questions[: self.questions]),
            replay=in_order(replay),
            page=_page(root / "page.md"),
        )


def _page(file: Path) -> str:
    """Read the page of text; an empty string if there is no file."""
    if not file.exists():
        return ""
    text = read_text(file).strip()
    # An empty page has no perplexity. Nobody leaves such a file on purpose, so it is not taken for a missing one.
    if not text:
        raise Fault(f"{file} holds no text: expected a page of general prose. Write one, or remove the file")
    return text
