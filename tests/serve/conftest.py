"""A running server that many tests share, and OpenAI's client of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from tests.conftest import Serving


@pytest.fixture(scope="session")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the shared server keeps its files and jobs."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def client(serving: Serving, served_folder: Path) -> Iterator[OpenAI]:
    """A client of the shared server."""
    with serving(served_folder) as client:
        yield client
