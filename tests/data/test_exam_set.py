"""An exam is written and read back whole."""

from pathlib import Path

from runner.data.exam_set import ExamSet
from runner.data.records import Ledger, read, write
from tests.given import question


def test_an_exam_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    ledger = Ledger(stage="exam", requested=2, kept=1, filtered={"duplicate": 1})
    exam = ExamSet(questions=(question(),), practice=(question("q2"),), ledgers=(ledger,), origin="written by m")
    write(tmp_path / "exam.jsonl", [exam])
    assert read(tmp_path / "exam.jsonl", ExamSet) == (exam,)
