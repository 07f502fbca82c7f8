"""Long work at a host is noted and waited for, and refusals become Faults in words."""

import logging
from pathlib import Path

import httpx2
import openai
import pytest

from runner.errors import Fault
from runner.hosts.jobs import Note, faults, patiently, refusal

REQUEST = httpx2.Request("GET", "http://here")


def test_a_note_is_added_to_found_again_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "one.json"
    Note(path).write(file="f")
    Note(path).write(batch="b")
    assert Note(path).known == {"file": "f", "batch": "b"}
    Note(path).forget()
    assert (Note(path).known, path.exists()) == ({}, False)


def test_a_host_that_can_not_be_reached_is_asked_until_it_can(caplog: pytest.LogCaptureFixture) -> None:
    failures = [openai.APIConnectionError(request=REQUEST), httpx2.ReadError("cut", request=REQUEST)]

    def ask() -> str:
        if failures:
            raise failures.pop()
        return "yes"

    with caplog.at_level(logging.WARNING):
        assert patiently(ask, 0.01) == "yes"
    assert caplog.text.count("asking again") == 2


def test_an_exceeded_quota_is_not_waited_for() -> None:
    body = {"message": "spent", "code": "insufficient_quota"}

    def ask() -> str:
        raise openai.RateLimitError("spent", response=httpx2.Response(429, request=REQUEST), body=body)

    with pytest.raises(openai.RateLimitError):
        patiently(ask, 0.01)


def test_an_error_of_the_client_is_a_fault_that_names_the_work_and_the_address() -> None:
    client = openai.OpenAI(api_key="sk-secret", base_url="http://here/v1")
    with (
        pytest.raises(Fault, match=r"tuning: http://here/v1/ refused a request: 403 no, \*\*\*\. Is the key"),
        faults(client, "tuning"),
    ):
        raise openai.PermissionDeniedError("", response=httpx2.Response(403, request=REQUEST), body={"message": "no, sk-secret"})


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (429, "insufficient_quota", "add credit"),
        (429, None, "requests_per_minute"),
        (400, None, "refused a request: 400 no"),
        (404, None, "refused a request: 404 no. Does the server have this model"),
        (503, None, "failed at each try with status 503. Look at the server, then give the same command again. It said: no"),
        (200, None, "answered each try with an error in place of a reply"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, code: str | None, words: str) -> None:
    assert words in refusal(status, "no", code)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"null"])
def test_a_damaged_note_is_a_fault_since_its_work_may_be_paid_for(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "note.json"
    path.write_bytes(content)
    with pytest.raises(Fault, match=r"note.json can't be read .*then delete the file"):
        Note(path)


def test_a_changed_note_is_a_fault_and_one_of_an_older_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    Note(path).write(batch="b")
    path.write_text(path.read_text().replace('"b"', '"c"'))
    with pytest.raises(Fault, match=r"one.json can't be read \(it was changed\)"):
        Note(path)
    path.write_text('{"batch": "b"}')
    assert Note(path).known == {"batch": "b"}
