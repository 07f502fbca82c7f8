"""A teacher that was recorded once gives others the same labels without a key."""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import Label
from runner.errors import Fault
from runner.model.recorded import Recorded
from runner.pipeline.labels import label
from runner.pipeline.recording import check_recording, record
from runner.pipeline.store_executor import StoreExecutor
from tests.given import study
from tests.teacher import corpus, taught, taught_by, teaching


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


def labels(chosen: Study) -> list[Label]:
    """A study's labels, whoever wrote them."""
    labelling = label(chosen, StoreExecutor(chosen)).value
    return [replace(single, origin="") for single in labelling.labels]


@pytest.mark.parametrize("method", ["fact", "token"])
def test_a_recorded_teacher_gives_the_same_labels_with_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    common = [*corpus(tmp_path), f"method={method}", "size=10x"]
    with teaching() as (url, asked):
        paid = study(*common, *taught_by(url, f"record={tmp_path}/said"))
        record(paid)
        expected = labels(paid)
        requests = len(asked)
        record(paid)
        assert len(asked) == requests
    monkeypatch.delenv("OPENAI_API_KEY")
    free = study(*common, f"teacher.path={tmp_path}/said", f"store={tmp_path}/other")
    assert labels(free) == expected
    assert len(expected) >= 10
    (file,) = (tmp_path / "said").iterdir()
    assert len(file.read_text().splitlines()) == requests


@pytest.mark.parametrize(
    ("first", "finish"),
    [("", "content_filter"), ("<think>hm hm", "length"), ("", "length"), ('[{"question": "Who?", "answer": "Ada"}, {', "length")],
    ids=["filtered", "thinking", "nothing", "cut off"],
)
def test_a_reply_that_was_cut_off_or_filtered_is_recorded_as_such(tmp_path: Path, first: str, finish: str) -> None:
    common, times = [*corpus(tmp_path), "method=token", "size=1x"], count()
    rest = json.dumps([{"question": "What then?", "answer": "Bob"}])

    def reply(text: str) -> str:
        return (rest if text.startswith("That reply") else taught(text)) if next(times) else first

    with teaching(reply, lambda said: finish if said == first else "stop") as (url, asked):
        paid = study(*common, *taught_by(url, f"record={tmp_path}/said"))
        record(paid)
        expected = labels(paid)
    free = study(*common, f"teacher.path={tmp_path}/said", f"store={tmp_path}/other")
    assert labels(free) == expected
    assert len(asked) > 1


def test_what_was_recorded_before_stays_and_only_the_rest_is_added(tmp_path: Path) -> None:
    common, file = [*corpus(tmp_path), f"record={tmp_path}/said"], tmp_path / "said" / "teacher.jsonl"
    with teaching() as (url, _):
        record(study(*common, *taught_by(url), "size=1x"))
        before = file.read_text()
        record(study(*common, *taught_by(url), "size=10x"))
    assert file.read_text().startswith(before)
    lines = [json.dumps(json.loads(line)["request"]) for line in file.read_text().splitlines()]
    assert len(set(lines)) == len(lines) > before.count("\n")


def test_another_reply_to_a_recorded_request_is_a_fault_and_the_recording_stays(tmp_path: Path) -> None:
    common, file = [*corpus(tmp_path), f"record={tmp_path}/said"], tmp_path / "said" / "teacher.jsonl"
    with teaching() as (url, _):
        record(study(*common, *taught_by(url)))
    before = file.read_text()
    with teaching(lambda text: taught(text).replace("number", "thing")) as (url, _), pytest.raises(Fault, match="empty folder"):
        record(study(*common, *taught_by(url), f"store={tmp_path}/other"))
    assert file.read_text() == before


def test_what_a_teacher_said_before_it_failed_is_recorded(tmp_path: Path) -> None:
    def failing(text: str) -> str:
        if "this one fact" in text:
            raise ConnectionError("the line is dead")
        return taught(text)

    with teaching(failing) as (url, _), pytest.raises(Fault, match="can't be reached"):
        record(study(*corpus(tmp_path), *taught_by(url, "teacher.retries=0", f"record={tmp_path}/said")))
    assert len((tmp_path / "said" / "teacher.jsonl").read_text().splitlines()) == 4
    Recorded(path=f"{tmp_path}/said").check()


def test_without_a_teacher_or_a_folder_nothing_is_recorded(tmp_path: Path) -> None:
    common = corpus(tmp_path)
    record(study(*common, "method=human", f"record={tmp_path}/said"))
    record(study(*common))
    assert not (tmp_path / "said").exists()


def test_a_folder_that_is_no_recording_is_refused_before_any_work(tmp_path: Path) -> None:
    common = corpus(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match="file/said: can't be written"):
        check_recording(study(*common, f"record={tmp_path}/file/said"))
    check_recording(study(*common, "method=human", f"record={tmp_path}/file/said"))
