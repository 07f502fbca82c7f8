"""What the tests of hosted models start from."""

import pytest

from tests.given import KEY


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key where the client looks for it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
