"""A log is recognised by its content, and anything else is refused with what is expected."""

import json
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs import Choices, reading
from runner.logs.reading import files, opened
from tests.logs.given import BASE, DATA, answers, lines, table

(SAMPLES,) = (DATA / "lm_eval/fact-5x").glob("samples_*")


@pytest.mark.parametrize(
    ("file", "tool"),
    [
        (BASE, "inspect_ai"),
        (DATA / "inspect_ai/fact-1x.json", "inspect_ai"),
        (SAMPLES, "lm-evaluation-harness"),
        (DATA / "promptfoo.json", "promptfoo"),
    ],
)
def test_a_log_is_recognised_under_any_name(file: Path, tool: str, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / "log.txt")
    score = {"inspect_ai": "includes", "lm-evaluation-harness": "exact_match,strict"}.get(tool, "")
    assert opened(tmp_path / "log.txt", Choices(score=score)).tool == tool


@pytest.mark.parametrize("begin", ['{"item": "a", "score": 1, "more": ', '{"eval": {}, "more": ', '{"item": "a",\n"more": '])
def test_endless_brackets_are_refused_with_the_file(begin: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f"{begin}{'[' * 100_000}{']' * 100_000}}}\n")
    with pytest.raises(InvalidInput, match=r"a\.json.*recursion"):
        list(opened(tmp_path / "a.json", Choices()).scores())


def test_a_table_is_recognised_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = table(tmp_path / "a.txt", answers("a", [1]))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert [score.item for score in opened(file, Choices()).scores()] == ["0"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("hello", "its first line is 'hello'"),
        ("", "its first line is ''"),
        ("a,b\n1,2\n", "its first line is 'a,b'"),
        ('{"a": 1}\n', "unknown objects with the fields a"),
        ('{\n "a": 1,\n "b": [2]\n}\n', "unknown JSON with the fields a, b"),
        ("PAR1 but no more", "damaged Parquet"),
        ("PK but no more", "a damaged zip archive"),
    ],
)
def test_what_is_no_log_is_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(content)
    with pytest.raises(InvalidInput, match=message):
        opened(tmp_path / "log", Choices())


def test_a_zip_archive_of_something_else_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("sheet.xml", "")
    with pytest.raises(InvalidInput, match=r"no log of inspect_ai. Expected a log of inspect_ai"):
        opened(tmp_path / "a.xlsx", Choices())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"absent can't be read"):
        opened(tmp_path / "absent", Choices())


def test_a_folder_stands_for_its_samples_or_its_eval_files(tmp_path: Path) -> None:
    assert files(DATA / "lm_eval/fact-5x") == [SAMPLES]
    assert [file.name for file in files(DATA / "inspect_ai")] == ["fact-1x-two-epochs.eval", "fact-5x.eval", "smollm2.eval"]
    with pytest.raises(InvalidInput, match=r"the folder holds no samples"):
        files(tmp_path)


def test_a_first_line_of_megabytes_is_a_line_all_the_same(tmp_path: Path) -> None:
    long = lines(tmp_path / "a.jsonl", [{"item": item, "score": 1, "question": "x" * 1_000_000} for item in range(2)])
    assert [score.item for score in opened(long, Choices()).scores()] == ["0", "1"]


def test_a_large_json_on_one_line_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FIRST", 1000)
    assert opened(DATA / "promptfoo.json", Choices()).tool == "promptfoo"


def test_a_log_of_inspect_without_samples_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"version": 2, "status": "success", "eval": {"task": "t"}}')
    with pytest.raises(InvalidInput, match=r"without samples. Run inspect without --no-log-samples"):
        opened(tmp_path / "a.json", Choices())


@pytest.mark.parametrize("odd", [None, 1, "x", [1], {"a": 1}], ids=str)
@pytest.mark.parametrize(
    ("file", "path"), [(DATA / "inspect_ai/fact-1x.json", ["samples"]), (DATA / "promptfoo.json", ["results", "results"])]
)
def test_a_field_of_another_type_is_read_or_refused_and_never_a_traceback(
    file: Path, path: list[str], odd: object, tmp_path: Path
) -> None:
    log = json.loads(file.read_text())
    samples = log
    for key in path:
        samples = samples[key]
    places = [(sample, key) for sample in samples[:1] for key in sample]
    places += [(value, key) for value in list(samples[0].values()) if isinstance(value, dict) for key in value]
    places += [(log, key) for key in log if key not in path]
    for place, key in places:
        kept, place[key] = place[key], odd
        (tmp_path / "log.json").write_text(json.dumps(log))
        place[key] = kept
        with suppress(InvalidInput):
            list(opened(tmp_path / "log.json", Choices(score="includes" if "inspect" in str(file) else "")).scores())
