"""Recorded replies in real files: found by their request, or a Fault in words."""

import json
import os
from pathlib import Path

import pytest

from runner.data.records import Message, Prompt, Reply, chat
from runner.errors import Fault
from runner.model.recorded import Recorded, add, request


def line(prompt: Prompt, reply: str) -> str:
    turns = [{"role": turn.role, "content": turn.content} for turn in request(prompt)["messages"]]
    return json.dumps({"request": {"messages": turns, "attempt": prompt.attempt}, "reply": reply}) + "\n"


def asked(text: str, attempt: int = 0) -> Prompt:
    return Prompt(messages=(Message(role="user", content=text),), tokens=100, attempt=attempt)


def test_a_reply_is_found_by_its_request_whatever_file_and_line_it_stands_in(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(line(asked("one"), "1") + line(asked("two"), "2"))
    (tmp_path / "a.jsonl").write_text(line(asked("three"), "3"))
    replies = dict(Recorded(path=str(tmp_path)).ask([asked("three"), asked("two"), asked("one")]))
    assert [replies[at].text for at in range(3)] == ["3", "2", "1"]


def test_asking_again_is_another_request(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line(asked("one", attempt=1), "again") + line(asked("one"), "once"))
    replies = dict(Recorded(path=str(tmp_path)).ask([asked("one"), asked("one", attempt=1)]))
    assert [replies[0].text, replies[1].text] == ["once", "again"]


def test_the_longest_reply_is_no_part_of_the_request(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line(chat("q", "Be brief.", 5), "yes"))
    ((_, reply),) = Recorded(path=str(tmp_path)).ask([chat("q", "Be brief.", 500)])
    assert reply.text == "yes"


def test_a_request_that_was_never_recorded_is_a_fault_that_names_the_teachers(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line(asked("one"), "1"))
    with pytest.raises(Fault, match=r"no recorded response .*'another'.*model@teacher=openai.*model@teacher=huggingface"):
        list(Recorded(path=str(tmp_path)).ask([asked("another")]))


@pytest.mark.parametrize("folder", [".", "not-there"])
def test_a_folder_without_recordings_is_a_fault_that_names_the_ways_out(tmp_path: Path, folder: str) -> None:
    with pytest.raises(Fault, match=r"no recorded responses in .*model@teacher=openai .*method=human"):
        Recorded(path=str(tmp_path / folder)).check()


@pytest.mark.parametrize(
    "broken", ["{not json", "[]", "7", '{"reply": "x"}', '{"request": {"messages": [{"role": "user"}]}, "reply": "x"}']
)
def test_a_broken_line_is_a_fault_with_file_and_line(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(line(asked("one"), "1") + broken + "\n")
    with pytest.raises(Fault) as caught:
        Recorded(path=str(tmp_path)).check()
    assert str(caught.value).startswith(f"{file}:2: expected a JSON object with request and reply")


def test_a_reply_that_is_no_text_is_a_fault_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"request": {"messages": []}, "reply": 5}\n')
    with pytest.raises(Fault, match=r"a\.jsonl:1: "):
        Recorded(path=str(tmp_path)).check()


def test_a_file_that_is_not_utf_8_is_a_fault_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(asked("one"), "1").encode("utf-16"))
    with pytest.raises(Fault, match=r"a\.jsonl"):
        Recorded(path=str(tmp_path)).check()


def test_a_path_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "recorded").mkdir()
    (tmp_path / "recorded" / "a.jsonl").write_text(line(asked("one"), "1"))
    Recorded(path="~/recorded").check()


def test_the_state_changes_when_a_recording_changes(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line(asked("one"), "1"))
    before = Recorded(path=str(tmp_path)).state()
    (tmp_path / "a.jsonl").write_text(line(asked("one"), "2"))
    assert Recorded(path=str(tmp_path)).state() != before


def test_the_state_stays_when_the_folder_moves(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jsonl").write_text(line(asked("one"), "1"))
    assert Recorded(path=str(tmp_path / "here")).state() == Recorded(path=str(tmp_path / "there")).state()


def test_a_reply_is_added_behind_a_last_line_that_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "teacher.jsonl").write_text(line(asked("one"), "1").rstrip("\n"))
    add(tmp_path, [(asked("two"), Reply(text="2"))])
    replies = dict(Recorded(path=str(tmp_path)).ask([asked("one"), asked("two")]))
    assert [replies[at].text for at in range(2)] == ["1", "2"]


def test_a_pipe_among_the_recordings_is_a_fault_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    for act in (Recorded(path=str(tmp_path)).state, Recorded(path=str(tmp_path)).check):
        with pytest.raises(Fault, match=r"a\.jsonl is a pipe\. Expected a regular file"):
            act()
