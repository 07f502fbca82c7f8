"""The HTTP server: headers that do not come, on a fresh connection and on one that was used."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from runner.serve import Limits
from tests.conftest import Serving

WHOLE = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def connected(serving: Serving, folder: Path) -> Iterator[socket.socket]:
    with serving(folder, Limits(seconds=0.5)) as client:
        address = urlsplit(str(client.base_url))
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            yield connection


@pytest.mark.parametrize("begun", [b"", b"GET /v1/mod", WHOLE[:-2], b"POST /v1/files HTTP/1.1\r\nX-Slow: " + b"a" * 900])
def test_a_connection_whose_headers_do_not_come_is_closed(serving: Serving, tmp_path: Path, begun: bytes) -> None:
    with connected(serving, tmp_path) as slow:
        slow.sendall(begun)
        assert slow.recv(1000) == b""


def test_a_second_request_has_the_same_limit_as_the_first(serving: Serving, tmp_path: Path) -> None:
    with connected(serving, tmp_path) as slow:
        slow.sendall(WHOLE)
        answer = slow.recv(100_000)
        while b"all-minilm" not in answer:
            answer += slow.recv(100_000)
        slow.sendall(WHOLE[:20])
        assert slow.recv(1000) == b""
