"""The presets of hosts, each against a loopback server that answers as that host documents."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from pydantic import BaseModel

from runner.config.messages import CONF
from runner.data.records import Prompt, chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from tests.server import Asked, Response, completion, refusal, serving

ADDRESSES = {
    "gemini": ("https://generativelanguage.googleapis.com/v1beta/openai/", "GEMINI_API_KEY"),
    "anthropic": ("https://api.anthropic.com/v1/", "ANTHROPIC_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "together": ("https://api.together.ai/v1", "TOGETHER_API_KEY"),
    "vllm": ("http://localhost:8000/v1", None),
    "ollama": ("http://localhost:11434/v1", None),
    "llamacpp": ("http://localhost:8080/v1", None),
}
# What each host takes in a request beside model, messages and stream, by its documentation. Mistral refuses any other field with
# 422, Gemini with 400; the others ignore it.
LENGTH = {"max_tokens"}
OPENAI = LENGTH | {"temperature", "seed", "response_format"}
FIELDS = {
    "gemini": LENGTH | {"temperature", "response_format"},
    "anthropic": LENGTH | {"temperature"},
    "mistral": LENGTH | {"temperature", "response_format", "random_seed"},
}
STRICT = {"mistral": 422, "gemini": 400}


class Line(BaseModel):
    """The schema that a prompt holds its reply to."""

    answer: str


PROMPTS = [chat("Who won?", "Answer briefly.", 32), Prompt(messages=chat("Write.", "", 32).messages, tokens=64, schema=Line)]


def preset(name: str, *overrides: str) -> OpenAI:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose("config", overrides=[f"model@teacher={name}", "teacher.id=ours", *overrides])
        model: OpenAI = instantiate(cfg.teacher)
    return model


def host(name: str) -> Callable[[Asked], Response]:
    """Answer as the host does: refuse or ignore a field that it does not know, and want the key that it gave out."""
    _, variable = ADDRESSES[name]

    def respond(asked: Asked) -> Response:
        strange = asked.body.keys() - {"model", "messages", "stream"} - FIELDS.get(name, OPENAI)
        if variable and asked.headers.get("authorization") != f"Bearer key-of-{name}":
            return refusal(401, "no such key")
        if strange and name in STRICT:
            return refusal(STRICT[name], f"Extra inputs are not permitted: {sorted(strange)}")
        held = "response_format" in asked.body and "response_format" not in strange
        return completion(json.dumps({"answer": "Ada"}) if held else "Ada")

    return respond


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("settings", [[], ["teacher.temperature=0.5"]], ids=["as it is", "with a temperature"])
def test_every_request_of_a_preset_is_one_that_its_host_takes(
    name: str, settings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, variable = ADDRESSES[name]
    if variable:
        monkeypatch.setenv(variable, f"key-of-{name}")
    monkeypatch.setenv("OPENAI_API_KEY", "another")  # which must reach no other host
    model = preset(name, *settings)
    assert (model.base_url, model.key) == (address, variable)
    with serving(host(name)) as server:
        replies = dict(replace(model, base_url=server.url, retries=0).ask(PROMPTS))
    structured = name != "anthropic"
    assert [replies[0].text, replies[1].text] == ["Ada", '{"answer": "Ada"}' if structured else "Ada"]
    assert all("max_tokens" in asked.body and "max_completion_tokens" not in asked.body for asked in server.asked)
    assert sum("response_format" in asked.body for asked in server.asked) == structured


@pytest.mark.parametrize("name", [name for name, (_, variable) in ADDRESSES.items() if variable])
def test_a_missing_key_is_told_by_the_name_that_its_host_gives_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESSES[name][1] or "", raising=False)
    with pytest.raises(Fault, match=f"ours needs a key in the environment variable {ADDRESSES[name][1]}"):
        preset(name).check()


CHECKED = """
import sys
from runner.model.huggingface import HuggingFace
HuggingFace(id=sys.argv[1]).check()
"""


def test_a_model_whose_licence_was_not_accepted_is_told_with_what_to_do() -> None:
    name = yaml.safe_load((CONF / "model" / "llama3.yaml").read_text(encoding="utf-8"))["id"]
    gated = Response(b"", 401, {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to this model is restricted."})
    # In a process of its own, since the hub's client reads its address when it is imported.
    with serving(lambda _: gated) as hub:
        surroundings = {**os.environ, "HF_ENDPOINT": hub.url}
        done = subprocess.run(
            [sys.executable, "-c", CHECKED, name], env=surroundings, capture_output=True, text=True, check=False
        )
    words = f"{name}: the hub gives it only to accounts that accepted its licence. Accept it at https://huggingface.co/{name}"
    assert words in done.stderr
    assert "hf auth login, or export HF_TOKEN=" in done.stderr
