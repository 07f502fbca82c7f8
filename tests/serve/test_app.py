"""The application: pages that it does not serve, tuners that it refuses."""

import httpx2
import pytest
from openai import OpenAI

from runner.errors import Fault
from runner.serve.app import shipped


def test_no_page_of_the_framework_is_served(client: OpenAI) -> None:
    root = str(client.base_url).removesuffix("v1/")
    assert [httpx2.get(f"{root}{page}").status_code for page in ("docs", "redoc", "openapi.json")] == [404] * 3


def test_a_tuner_that_trains_elsewhere_or_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    for name in ("hosted", "none"):
        with pytest.raises(Fault, match=f"--tuner {name}: .* full, lora"):
            shipped(name)
