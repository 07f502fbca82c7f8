"""The untuned model is prompted exactly as a tuned one is trained and prompted."""

from pathlib import Path

import yaml

from runner.baseline.base import Base
from runner.data.records import Request, chat
from runner.retriever.lexical import Lexical
from tests.given import question, section

CONF = Path(__file__).resolve().parents[2] / "conf"
RETRIEVER = Lexical(passages=1, sentences=1)


def test_the_tuned_prompt_equals_the_base_prompt():
    asked = Base(instruction="Be brief.", reply_tokens=9).ask([question("a"), question("b")], [section()], RETRIEVER)
    assert asked == [Request(prompt=chat(f"Who won {name}?", "Be brief.", 9)) for name in "ab"]


def test_the_settings_of_base_are_those_of_the_tuned_model():
    values = yaml.safe_load((CONF / "baseline" / "base.yaml").read_text())["base"]
    assert (values["instruction"], values["reply_tokens"]) == ("${instruction}", "${reply_tokens}")


def test_no_passage_is_given():
    (asked,) = Base(instruction="", reply_tokens=9).ask([question()], [section("Ada won the cup.")], RETRIEVER)
    assert asked.passages == ()
    assert "Ada" not in str(asked.prompt)
    assert not Base.retrieves
