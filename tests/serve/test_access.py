"""Access: the key, and the size of a body."""

from pathlib import Path

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
