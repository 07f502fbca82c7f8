"""Tokens are counted as they are trained and answered, without the weights."""

import json
import shutil
from pathlib import Path

import pytest

from runner.data.records import chat
from runner.errors import Fault
from runner.local_models.context import reader
from runner.model.huggingface import HuggingFace


def test_a_chat_has_the_tokens_that_it_is_trained_with(brief_model: HuggingFace) -> None:
    network, counted = brief_model.load(), reader(brief_model.source)
    assert counted.context == network.context == 128
    for asked, answer in (("Who won?", "Ada"), ("Who?", "Ada <|im_end|> of Oslo " * 9)):
        prompt = chat(asked, "Answer briefly.", 7)
        assert counted.tokens(prompt, answer) == sum(map(len, network.encode(prompt, answer)))
        assert counted.tokens(prompt, None) == len(network.encode(prompt)[0]) + 7


def test_chats_of_exactly_the_context_fit(brief_model: HuggingFace) -> None:
    counted, prompt = reader(brief_model.source), chat("Who won?", "", 0)
    room = 128 - counted.tokens(prompt, None)
    chats = [(chat("Who won?", "", room + more), None) for more in (0, 1)]
    assert counted.too_long(chats) == {1: 129}


@pytest.mark.parametrize(
    ("file", "settings", "words"),
    [
        ("config.json", {"model_type": "ours", "auto_map": {"AutoConfig": "ours.Ours"}}, "brings with it is never run"),
        ("tokenizer_config.json", {"tokenizer_class": "Ours", "auto_map": {"AutoTokenizer": ["ours.Ours", None]}}, "tokenizer"),
    ],
)
def test_code_that_a_model_brings_with_it_is_refused_without_a_question(
    brief_model: HuggingFace, file: str, settings: dict[str, object], words: str, tmp_path: Path
) -> None:
    shutil.copytree(brief_model.id, tmp_path / "model")
    path = tmp_path / "model" / file
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
    (tmp_path / "model" / "ours.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')")
    # As a preview does, which checks no model.
    with pytest.raises(Fault, match=words):
        HuggingFace(id=str(tmp_path / "model"), device="cpu").too_long([(chat("Who won? " * 99, "", 7), None)])
    assert not (tmp_path / "mark").exists()
