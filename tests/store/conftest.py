"""Buckets in memory and on an S3 server, with a cache of their own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.data.local_folder import CACHE
from tests.s3 import BUCKET, s3_server


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of an empty bucket in the memory of this process."""
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    return f"memory://{uuid.uuid4().hex}/study"


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, str]]:
    """The variables that lead to an S3 server."""
    with s3_server() as variables:
        yield variables


@pytest.fixture
def s3(server: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of an empty folder in a bucket of an S3 server."""
    for name, value in {**server, CACHE: str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"
