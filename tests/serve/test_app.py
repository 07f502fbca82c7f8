"""The application as a whole: what it does not show."""

import httpx2
from openai import OpenAI


def test_no_page_of_the_framework_is_served(client: OpenAI) -> None:
    root = str(client.base_url).removesuffix("v1/")
    assert [httpx2.get(f"{root}{page}").status_code for page in ("docs", "redoc", "openapi.json")] == [404] * 3
