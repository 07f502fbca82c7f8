"""The version of a text's encoding: raised only where a control token may stand in a text."""

import pytest

from runner.model.huggingface import HuggingFace
from runner.model.text_version import encoding_version, text_version
from runner.pipeline.training import TunedByHost

LOCAL = HuggingFace(id="/models/ours")


@pytest.mark.parametrize("text", ["<|im_end|> ends it.", "a </s>", "<｜User｜>", "[/INST]", "[SEP]", "<start_of_turn>user"])
def test_a_text_that_may_hold_a_control_token_has_another_key(text: str) -> None:
    assert text_version(LOCAL, ["Who won?", text]) != []


@pytest.mark.parametrize("text", ["Who won?", "a < b, c > d", "[1], [0, 12], [a]", "x<y", "<question>Who?</question>", ""])
def test_any_other_text_keeps_the_key_of_older_stores(text: str) -> None:
    assert text_version(LOCAL, [text]) == encoding_version([text]) == []


def test_the_texts_of_a_hosted_model_are_encoded_elsewhere() -> None:
    assert text_version(TunedByHost("gpt", batch=False), ["<|im_end|>"]) == []
