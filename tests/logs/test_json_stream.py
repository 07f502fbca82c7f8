"""The parts of a large JSON file come one at a time."""

import json
import math
import tracemalloc
from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs import json_stream
from runner.logs.json_stream import parts


def written(folder: Path, text: str) -> Path:
    file = folder / "log.json"
    file.write_text(text, encoding="utf-8")
    return file


def test_members_come_whole_and_the_list_one_element_at_a_time(tmp_path: Path) -> None:
    file = written(tmp_path, ' {"a": [1, 2], "b": {"c": [{"x": 1}, [2], "3", null], "d": {}}, "e": -1.5e3}\n')
    assert list(parts(file, ("b", "c"))) == [
        ("a", [1, 2]),
        *(("c", element) for element in ({"x": 1}, [2], "3", None)),
        ("d", {}),
        ("e", -1500.0),
    ]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_no_place_where_the_file_is_cut_into_chunks_changes_a_value(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "CHUNK", chunk)
    value = {"n": 12345, "list": [1234, 'é\\u2028"}]', {"k": [True, 0.25]}], "end": "x" * 50}
    file = written(tmp_path, json.dumps(value))
    elements = [("list", element) for element in value["list"]]  # type: ignore[attr-defined]
    assert list(parts(file, ("list",))) == [("n", 12345), *elements, ("end", "x" * 50)]


def test_an_empty_object_and_an_empty_list_have_no_parts(tmp_path: Path) -> None:
    assert list(parts(written(tmp_path, "{}"), ("a",))) == []
    assert list(parts(written(tmp_path, '{"a": [ ]}'), ("a",))) == []


def test_a_member_that_is_no_list_comes_whole(tmp_path: Path) -> None:
    assert list(parts(written(tmp_path, '{"a": 1, "b": null}'), ("a", "b"))) == [("a", 1), ("b", None)]


def test_not_a_number_is_read_as_python_writes_it(tmp_path: Path) -> None:
    (part,) = parts(written(tmp_path, '{"a": [NaN]}'), ("a",))
    assert math.isnan(part[1])


@pytest.mark.parametrize("text", ['{"a": [1, 2', '{"a": [1 2]}', '{"a" 1}', "", "[1]", '{"a": tru}'])
def test_a_file_that_is_cut_short_or_no_object_is_refused_by_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"log\.json is not complete JSON"):
        list(parts(written(tmp_path, text), ("a",)))


def test_a_long_list_takes_the_memory_of_a_few_elements(tmp_path: Path) -> None:
    element = json.dumps({"text": "x" * 10_000})
    file = written(tmp_path, f'{{"a": [{", ".join([element] * 1000)}]}}')  # 10 MB
    tracemalloc.start()
    assert sum(1 for _ in parts(file, ("a",))) == 1000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
