"""preferences.jsonl: what is preferred, and each fault with its line."""

import json
from pathlib import Path

import pytest

from runner.corpus.preference_rows import read_preferences
from runner.data.preferences import HumanPreference
from runner.data.tables import ExamRow, TableLine
from runner.errors import Fault

PAIR = {"prompt": "Who won?", "chosen": "Ada.", "rejected": "Bob."}


def written(folder: Path, *rows: dict[str, str]) -> Path:
    """A folder with these preferences."""
    (folder / "preferences.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_prompt_may_have_several_pairs(tmp_path: Path) -> None:
    pairs = read_preferences(written(tmp_path, PAIR, PAIR | {"rejected": "Eve."}), [])
    assert pairs == tuple(HumanPreference(question="Who won?", chosen="Ada.", rejected=name) for name in ("Bob.", "Eve."))


def test_a_table_of_columns_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "preferences.csv").write_text("prompt,chosen,rejected\nWho won?,Ada.,Bob.\n")
    assert read_preferences(tmp_path, []) == (HumanPreference(question="Who won?", chosen="Ada.", rejected="Bob."),)
    (tmp_path / "preferences.csv").write_text("question,answer\nWho won?,Ada.\n")
    with pytest.raises(Fault, match=r"preferences\.csv:1: .*names the columns: prompt,chosen"):
        read_preferences(tmp_path, [])


def test_a_folder_without_the_file_has_none(tmp_path: Path) -> None:
    assert read_preferences(tmp_path, []) == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (PAIR | {"rejected": " Ada. "}, r"preferences.jsonl:2: .*chosen and rejected are the same"),
        (PAIR | {"chosen": ""}, r"preferences.jsonl:2: chosen: .*Expected an object with prompt, chosen, rejected"),
        (PAIR | {"rejected": "  "}, r"preferences.jsonl:2: rejected: "),
        ({"prompt": "Who?", "chosen": "Ada."}, r"preferences.jsonl:2: rejected: field required"),
    ],
)
def test_a_pair_without_a_preference_is_a_fault_with_its_line(tmp_path: Path, row: dict[str, str], message: str) -> None:
    with pytest.raises(Fault, match=message):
        read_preferences(written(tmp_path, PAIR | {"prompt": "Other?"}, row), [])


def test_a_prompt_of_the_exam_is_a_fault_with_both_lines(tmp_path: Path) -> None:
    exam = [TableLine("exam.jsonl:1", ExamRow(question="who won", answer="Ada"))]
    with pytest.raises(Fault, match=r"both in the preferences and in the exam[\s\S]*preferences.jsonl:1 and exam.jsonl:1"):
        read_preferences(written(tmp_path, PAIR), exam)
