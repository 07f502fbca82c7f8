"""General pairs are read from a folder, in an order of their own."""

from pathlib import Path

import pytest

from runner.data.general_pairs import own_pairs
from runner.errors import Fault


def folder(path: Path, *lines: str) -> str:
    (path / "replay.jsonl").write_text("".join(line + "\n" for line in lines))
    return str(path)


def test_the_first_pairs_hold_each_subject(tmp_path: Path) -> None:
    lines = [
        f'{{"question": "{subject}{number}?", "answer": "x", "category": "{subject}"}}' for subject in "ab" for number in range(9)
    ]
    assert {question[0] for question, _ in own_pairs(folder(tmp_path, *lines))[:2]} == {"a", "b"}


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_pairs_is_a_fault_that_shows_a_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=rf"keep\.path={tmp_path}/{name}: expected a folder with replay\.jsonl"):
        own_pairs(f"{tmp_path}/{name}")


def test_a_faulty_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"replay\.jsonl:1: answer"):
        own_pairs(folder(tmp_path, '{"question": "What is rain?"}'))
