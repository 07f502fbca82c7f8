"""A running server that many tests ask, and the real client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from tests.conftest import Serving


@pytest.fixture(scope="session")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server that many tests ask keeps its files and jobs."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def client(serving: Serving, served_folder: Path) -> Iterator[OpenAI]:
    """The client of one server that many tests ask."""
    with serving(served_folder) as client:
        yield client
