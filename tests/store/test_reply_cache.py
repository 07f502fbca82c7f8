"""A reply that was paid for is never asked for again, whatever dies, whoever else asks, and however many there are."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from runner.component import identity
from runner.data.records import Prompt, Reply, chat, digest, plain
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel, PromptSelection
from tests.given import Scripted, said

ASKER = """
import sys, time
from pathlib import Path
from runner.data.records import chat
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, said

def reply(prompt):
    with Path(sys.argv[2]).open("a") as asked:
        asked.write(said(prompt) + "\\n")
    time.sleep(0.001)
    return said(prompt).upper()

asked = [chat(str(number), "", 10) for number in range(int(sys.argv[3]))]
list(CachedModel(Scripted(reply), LocalStore(Path(sys.argv[1])).replies).ask(asked))
"""
ROOT = Path(__file__).resolve().parents[2]


def prompts(*texts: str) -> list[Prompt]:
    """A prompt for each text."""
    return [chat(text, "", 10) for text in texts]


def everything(folder: Path) -> list[Path]:
    """All files in a folder, hidden ones too."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_reply_is_never_asked_for_twice(tmp_path):
    model = Scripted(lambda prompt: said(prompt).upper())
    first = dict(CachedModel(model, LocalStore(tmp_path).replies).ask(prompts("a", "b")))
    second = dict(CachedModel(model, LocalStore(tmp_path).replies).ask(prompts("a", "b")))
    assert second == first
    assert [said(prompt) for prompt in model.asked] == ["a", "b"]


def test_a_model_that_died_half_way_is_asked_only_for_the_rest(tmp_path):
    def die(prompt: Prompt) -> str:
        if said(prompt) == "c":
            raise RuntimeError("died")
        return said(prompt).upper()

    with pytest.raises(RuntimeError, match="died"):
        dict(CachedModel(Scripted(die), LocalStore(tmp_path).replies).ask(prompts("a", "b", "c", "d")))
    model = Scripted(lambda prompt: said(prompt).upper())
    replies = dict(CachedModel(model, LocalStore(tmp_path).replies).ask(prompts("a", "b", "c", "d")))
    assert [said(prompt) for prompt in model.asked] == ["c", "d"]
    assert [replies[index].text for index in range(4)] == ["A", "B", "C", "D"]


def test_a_reply_is_kept_with_its_request_the_moment_it_arrives(tmp_path):
    replies = CachedModel(Scripted(lambda prompt: "yes"), LocalStore(tmp_path).replies).ask(prompts("a", "b"))
    next(replies)
    (file,) = everything(tmp_path / "replies")
    assert json.loads(file.read_text())["request"]["prompt"]["messages"] == [{"content": "a", "role": "user"}]
    replies.close()


@pytest.mark.parametrize("other", [Prompt(messages=chat("a", "", 10).messages, tokens=10, attempt=1), chat("a", "", 11)])
def test_another_attempt_or_another_length_is_another_request(tmp_path, other):
    model = Scripted(lambda prompt: "yes")
    dict(CachedModel(model, LocalStore(tmp_path).replies).ask([*prompts("a"), other]))
    assert model.asked == [*prompts("a"), other]


def test_a_prompt_that_stands_in_a_batch_twice_is_asked_once(tmp_path):
    model = Scripted(lambda prompt: said(prompt).upper())
    for _ in range(2):
        replies = list(CachedModel(model, LocalStore(tmp_path).replies).ask(prompts("a", "b", "a")))
        assert sorted((index, reply.text) for index, reply in replies) == [(0, "A"), (1, "B"), (2, "A")]
    assert [said(prompt) for prompt in model.asked] == ["a", "b"]


DAMAGES = ["", '{"request": {', "\0\0\0", "[]", '{"request": 1}', '{"reply": {"text": 1}}', '{"reply": "yes"}']


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_reply_whose_file_is_damaged_is_asked_for_again(tmp_path, damage):
    model = Scripted(lambda prompt: "yes")
    for _ in range(2):
        assert [reply.text for _, reply in CachedModel(model, LocalStore(tmp_path).replies).ask(prompts("a"))] == ["yes"]
        for file in everything(tmp_path / "replies"):
            file.write_text(damage)
    assert len(model.asked) == 2


def test_a_kept_reply_that_was_changed_is_asked_for_again_and_a_line_names_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = Scripted(lambda prompt: "no")
    store = LocalStore(tmp_path).replies
    dict(CachedModel(model, store).ask(prompts("a")))
    (file,) = everything(store)
    file.write_text(file.read_text().replace('"text":"no"', '"text":"ja"'))
    assert '"ja"' in file.read_text()
    assert [reply.text for _, reply in CachedModel(model, store).ask(prompts("a"))] == ["no"]
    assert f"the kept reply {file} is damaged" in caplog.text
    assert len(model.asked) == 2


def test_replies_whose_files_were_exchanged_are_asked_for_again(tmp_path: Path) -> None:
    model = Scripted(lambda prompt: said(prompt).upper())
    store = LocalStore(tmp_path).replies
    dict(CachedModel(model, store).ask(prompts("a", "b")))
    first, second = everything(store)
    contents = first.read_text(), second.read_text()
    second.write_text(contents[0])
    first.write_text(contents[1])
    replies = dict(CachedModel(model, store).ask(prompts("a", "b")))
    assert [replies[place].text for place in (0, 1)] == ["A", "B"]
    assert len(model.asked) == 4


def test_another_model_is_asked_for_itself(tmp_path):
    first, other = Scripted(lambda prompt: "one", name="one"), Scripted(lambda prompt: "other", name="other")
    dict(CachedModel(first, LocalStore(tmp_path).replies).ask(prompts("a")))
    assert [reply.text for _, reply in CachedModel(other, LocalStore(tmp_path).replies).ask(prompts("a"))] == ["other"]


def test_replies_that_an_earlier_version_kept_are_found(tmp_path):
    model, (prompt,) = Scripted(lambda prompt: "new"), prompts("ä")
    request = {"model": identity(model), "prompt": prompt}
    kept = {"request": request, "reply": {"text": "kept", "prompt_tokens": 3, "reply_tokens": 1}}
    file = tmp_path / "replies" / digest(request)[:2] / f"{digest(request)}.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(kept, default=plain, ensure_ascii=False), encoding="utf-8")
    assert list(CachedModel(model, LocalStore(tmp_path).replies).ask([prompt])) == [
        (0, Reply(text="kept", prompt_tokens=3, reply_tokens=1))
    ]
    assert model.asked == []


@pytest.mark.parametrize("text", ["", "\ud83d", "\0", "𝄞 e\u0301 \u202e", "a\r\nb\u2028c", "x" * 5_000_000])
def test_a_reply_is_kept_as_it_was_whatever_stands_in_it(tmp_path, text):
    model = Scripted(lambda prompt: text)
    for _ in range(2):
        assert [reply.text for _, reply in CachedModel(model, LocalStore(tmp_path).replies).ask(prompts(text[:9]))] == [text]
    assert len(model.asked) == 1


def test_a_process_killed_at_any_moment_loses_at_most_the_reply_in_flight(tmp_path):
    asked, replies = tmp_path / "asked.txt", 300
    command = [sys.executable, "-c", ASKER, str(tmp_path / "store"), str(asked), str(replies)]
    process = subprocess.Popen(command, cwd=ROOT)
    until = time.monotonic() + 60
    while (not asked.exists() or asked.read_text().count("\n") < 100) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run(command, cwd=ROOT, check=True)
    requests = asked.read_text().split()
    assert set(requests) == {str(number) for number in range(replies)}
    assert len(requests) <= replies + 1


def test_what_is_remembered_of_a_prompt_is_small(tmp_path):
    """Peak memory of the bookkeeping for prompts that are all missing, beside that of a tenth as many."""
    import tracemalloc

    class Endless(Sequence[Prompt]):
        def __init__(self, length: int) -> None:
            self.length = length

        def __len__(self) -> int:
            return self.length

        def __getitem__(self, place: Any) -> Any:
            if place >= self.length:
                raise IndexError(place)
            return chat(str(place), "", 10)

    def peak(length: int) -> int:
        replies = CachedModel(Scripted(said), LocalStore(tmp_path / str(length)).replies).ask(Endless(length))
        tracemalloc.start()
        next(replies)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        shutil.rmtree(tmp_path / str(length))
        return most

    # The least of several: other threads of the process may allocate too, which only adds.
    peaks = [min(peak(length) for _ in range(5)) for length in (200, 1000)]
    assert (peaks[1] - peaks[0]) / 800 < 250


def test_chosen_prompts_are_those_at_their_places():
    chosen = PromptSelection(prompts("a", "b", "c", "d"), [3, 1, 0])
    assert [said(prompt) for prompt in chosen] == ["d", "b", "a"]
    assert (len(chosen), [said(prompt) for prompt in chosen[1:]], said(chosen[-1])) == (3, ["b", "a"], "a")
