"""The objects of a JSONL file come with their line numbers."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs.lines import objects


def test_empty_lines_count_and_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"a": "x\u2028y"}\n\n{"a": 2}\n', encoding="utf-8")
    assert list(objects(file)) == [(1, {"a": "x\u2028y"}), (3, {"a": 2})]


@pytest.mark.parametrize("line", ["[1]", "nothing", '{"a": '])
def test_a_line_that_is_no_object_is_refused_by_its_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"a": 1}\n' + line, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"a\.jsonl:2: not a JSON object"):
        list(objects(file))
