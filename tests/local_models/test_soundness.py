"""A model that can't chat or be loaded is a Fault in the check, before anything is paid for."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.model.huggingface import HuggingFace

TURNS = "{% for message in messages %}<|im_start|>{{ message['content'] }}{% endfor %}"
REFUSES = "{{ raise_exception('No system role.') if messages[0]['role'] == 'system' }}" + TURNS

Change = Callable[[Path], object]


def _set(file: str, **values: object) -> Change:
    def change(folder: Path) -> None:
        (folder / file).write_text(json.dumps({**json.loads((folder / file).read_text()), **values}))

    return change


def _template(text: str) -> Change:
    return lambda folder: (folder / "chat_template.jinja").write_text(text)


def _cut(file: str) -> Change:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:-9])


def _without(pattern: str) -> Change:
    return lambda folder: [file.unlink() for file in folder.glob(pattern)]


@pytest.fixture
def changed(small_model: HuggingFace, tmp_path: Path) -> Callable[[Change], HuggingFace]:
    """A copy of the small model in which something is changed."""

    def change(what: Change) -> HuggingFace:
        shutil.copytree(small_model.id, tmp_path / "model")
        what(tmp_path / "model")
        return HuggingFace(id=str(tmp_path / "model"), device="cpu")

    return change


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (_without("chat_template.jinja"), "no chat template, so it is not a chat model"),
        (_set("tokenizer_config.json", eos_token=None), "no eos_token, so no reply would end"),
        (_template("{{ raise_exception('No chat.') }}"), "refuses a plain question .*No chat"),
        (_template("{% for message in messages %}"), "refuses a plain question .*TemplateSyntaxError"),
        (_template("{% for part in messages[-1]['content'] %}{{ part['text'] }}{% endfor %}"), "leaves the question out"),
        (_set("config.json", model_type="ours", auto_map={"AutoConfig": "ours.Ours"}), "brings with it is never run"),
        (
            _set("tokenizer_config.json", tokenizer_class="Ours", auto_map={"AutoTokenizer": ["ours.Ours", None]}),
            "tokenizer can't be read",
        ),
        (_set("config.json", model_type="nosuch"), "can't read its config.json"),
        (_set("config.json", hidden_size="many"), "can't read its config.json"),
        (_cut("config.json"), "is not the JSON of a model's settings"),
        (_without("*token*"), "its tokenizer can't be read"),
        (_cut("tokenizer.json"), "its tokenizer can't be read"),
        (_cut("model.safetensors"), "model.safetensors: not a file of weights"),
        (_set("config.json", architectures=["LlamaForSequenceClassification"]), "does not write text"),
        (_set("config.json", model_type="t5", architectures=["T5ForConditionalGeneration"]), "does not write text"),
    ],
)
def test_a_folder_that_can_not_chat_or_be_loaded_is_a_fault_of_the_check(
    changed: Callable[[Change], HuggingFace], what: Change, words: str
) -> None:
    with pytest.raises(Fault, match=words):
        changed(what).check()


def test_a_template_that_refuses_a_system_message_passes(changed: Callable[[Change], HuggingFace]) -> None:
    changed(_template(REFUSES)).check()


def test_a_template_that_drops_the_system_message_is_said(
    changed: Callable[[Change], HuggingFace], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("WARNING", logger="runner"):
        changed(_template("{{ messages[-1]['content'] }}")).check()
    assert "leaves system messages out" in caplog.text


def test_weights_of_another_model_are_a_fault_and_no_random_numbers(changed: Callable[[Change], HuggingFace]) -> None:
    model = changed(_set("config.json", num_hidden_layers=3))
    with pytest.raises(Fault, match=r"its files lack \d+ of the weights that its config.json names, such as model.layers.2"):
        model.load()
