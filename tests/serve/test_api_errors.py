"""All errors have the form of OpenAI's, the framework's own too."""

import httpx2
from openai import OpenAI


def test_an_unknown_path_is_told_in_openais_shape(client: OpenAI) -> None:
    answer = httpx2.get(f"{client.base_url}nothing")
    assert answer.status_code == 404
    assert answer.json()["error"].keys() == {"message", "type", "param", "code"}
    assert "/v1/nothing" in answer.json()["error"]["message"]


def test_a_body_that_is_no_json_is_a_bad_request(client: OpenAI) -> None:
    answer = httpx2.post(f"{client.base_url}chat/completions", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
