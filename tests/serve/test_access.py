"""Access: the key, the page that asks, and the size and speed of a body."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import openai
import pytest
from openai import OpenAI

from runner.serve import Limits
from tests.conftest import Serving


def test_with_a_key_a_request_needs_it(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, key="a-key") as client:
        assert client.models.retrieve("small").id == "small"
        with pytest.raises(openai.AuthenticationError) as refused:
            client.with_options(api_key="another").models.list()
        assert refused.value.code == "invalid_api_key"


def test_a_body_that_is_too_large_is_refused_whether_it_tells_its_length_or_not(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, Limits(body=1000)) as client:
        long = [{"role": "user", "content": "cup " * 1000}]
        with pytest.raises(openai.APIStatusError, match="larger than 1000 bytes") as whole:
            client.chat.completions.create(model="small", messages=long)
        chunked = httpx2.post(
            f"{client.base_url}chat/completions",
            content=(b'{"model": "' + b"x" * 500 for _ in range(4)),
            headers={"Content-Type": "application/json"},
        )
    assert (whole.value.status_code, chunked.status_code) == (413, 413)
    assert "larger than 1000 bytes" in chunked.json()["error"]["message"]


def test_a_web_page_under_another_name_does_not_reach_a_server_on_loopback(client: OpenAI) -> None:
    answer = httpx2.get(f"{client.base_url}models", headers={"Host": "evil.example"})
    assert answer.status_code == 400


PAGE = {"Origin": "https://evil.example"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", ""])
def test_a_web_page_reaches_nothing_even_on_loopback_and_without_a_key(client: OpenAI, origin: str) -> None:
    before = [file.id for file in client.files.list()]
    page = {"Origin": origin}
    # A form needs no leave of the server: the browser sends it, and only keeps the answer from the page.
    upload = httpx2.post(f"{client.base_url}files", headers=page, data={"purpose": "batch"}, files={"file": b"{}"})
    asked = httpx2.post(f"{client.base_url}chat/completions", headers={**page, "Content-Type": "text/plain"}, content=b"{}")
    assert [answer.status_code for answer in (upload, asked)] == [403, 403]
    assert f"--origin {origin}" in upload.json()["error"]["message"]
    assert [file.id for file in client.files.list()] == before


def test_a_page_that_was_allowed_is_answered_and_its_browser_is_told_so(serving: Serving, tmp_path: Path) -> None:
    page = {"Origin": "http://localhost:3000"}
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    with serving(tmp_path, key="a-key", origins=("http://localhost:3000",)) as client:
        url = f"{client.base_url}models"
        asked = httpx2.options(url, headers={**page, **wanted})
        answer = httpx2.get(url, headers={**page, "Authorization": "Bearer a-key"})
        without = httpx2.get(url, headers=page)
        other = httpx2.options(url, headers={**PAGE, **wanted})
    assert [asked.status_code, answer.status_code, without.status_code, other.status_code] == [200, 200, 401, 400]
    assert [reply.headers["access-control-allow-origin"] for reply in (asked, answer, without)] == [page["Origin"]] * 3
    assert "access-control-allow-origin" not in other.headers


def test_a_body_that_comes_too_slowly_is_refused(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, Limits(seconds=0.5)) as client:
        address = urlsplit(str(client.base_url))
        with socket.create_connection((address.hostname, address.port), timeout=30) as slow:
            slow.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            assert slow.recv(1000).startswith(b"HTTP/1.1 408")


def test_each_byte_of_a_body_gives_the_rest_more_time(serving: Serving, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b" " * 100
        time.sleep(2.2)
        yield b"{"

    with serving(tmp_path, Limits(seconds=2, rate=10)) as client:
        answer = httpx2.post(f"{client.base_url}chat/completions", content=pieces(), timeout=30)
    assert answer.status_code == 400
