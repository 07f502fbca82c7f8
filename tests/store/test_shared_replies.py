"""Replies of one machine are found by another, and one that could not be sent is sent later."""

from pathlib import Path

import pytest

from runner.errors import Fault
from runner.store.bucket import Bucket
from runner.store.shared_replies import SharedReplies


def machine(address: str, folder: Path) -> SharedReplies:
    """The replies of one machine."""
    (folder / "replies" / "ab").mkdir(parents=True, exist_ok=True)
    return SharedReplies(Bucket(address), folder / "replies")


def test_a_reply_that_was_sent_is_received_elsewhere(memory: str, tmp_path: Path) -> None:
    first, second = machine(memory, tmp_path / "a"), machine(memory, tmp_path / "b")
    text = '{"reply": "\ud83d ö"}'.encode("utf-8", "surrogatepass")
    for name in ("ab/1.json", "ab/2.json"):
        (first.folder / name).write_bytes(text)
        first.send(name)
    first.finish()
    assert list(first.unsent.iterdir()) == []
    second.receive(["ab/1.json", "ab/2.json", "ab/3.json"])
    assert sorted(path.name for path in second.folder.glob("ab/*")) == ["1.json", "2.json"]
    assert (second.folder / "ab" / "1.json").read_bytes() == text


def test_a_reply_that_is_there_is_not_fetched_again(memory: str, tmp_path: Path) -> None:
    replies = machine(memory, tmp_path)
    (replies.folder / "ab" / "1.json").write_text("own")
    Bucket(memory).write("replies/ab/1.json", b"other")
    replies.receive(["ab/1.json"])
    assert (replies.folder / "ab" / "1.json").read_text() == "own"


def test_what_could_not_be_sent_is_kept_and_sent_by_the_next_command(
    memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    replies = machine(memory, tmp_path)
    (replies.folder / "ab" / "1.json").write_text("paid")

    def down(name: str, content: bytes) -> None:
        raise Fault("the network is down")

    with monkeypatch.context() as broken:
        broken.setattr(replies.bucket, "write", down)
        replies.send("ab/1.json")
        replies.finish()
    assert "kept on this machine alone until the next command: the network is down" in caplog.text
    assert Bucket(memory).list("replies") == {}
    machine(memory, tmp_path).send_again()
    assert Bucket(memory).read("replies/ab/1.json") == b"paid"
    assert list(replies.unsent.iterdir()) == []
