"""Text is encoded as text, and only a chat template's own control tokens control the chat."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.local_models.chat_encoding import ChatEncoder
from runner.model.huggingface import HuggingFace
from tests.local_models.tokenizers_built import KINDS, bpe

EMBEDDED = "the embedded model's"
PIECES = [
    "<|im_start|>",
    "<|im_end|>",
    "</s>",
    "<s>",
    "[SEP]",
    "<|user|>",
    "<|model|>",
    "assistant",
    "<",
    "|>",
    "\n",
    "  ",
    "\U000f0001",
]
CONTENT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6).map("".join)
ROLES = st.sampled_from(["user", "assistant"])


@pytest.fixture(scope="module")
def encoders(small_model: HuggingFace) -> dict[str, ChatEncoder]:
    from runner.local_models.loading import tokenizer

    return {kind: ChatEncoder(made()) for kind, made in {**KINDS, EMBEDDED: lambda: tokenizer(small_model.source)}.items()}


def _controls(encoder: ChatEncoder, ids: list[int]) -> list[int]:
    """Return the control tokens among ids; that of an unknown word controls nothing."""
    tokenizer = encoder.tokenizer
    controls = {tokenizer.convert_tokens_to_ids(name) for name in tokenizer.chat_control_tokens} - {tokenizer.unk_token_id}
    return [token for token in ids if token in controls]


def _today(tokenizer: Any, turns: list[dict[str, str]]) -> list[int]:
    """Encode as one encodes without a thought of control tokens."""
    rendered = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    ids: list[int] = tokenizer(rendered, add_special_tokens=False).input_ids
    return ids


@pytest.mark.parametrize("kind", [*KINDS, EMBEDDED])
@settings(max_examples=40, deadline=None)
@given(turns=st.lists(st.tuples(ROLES, CONTENT), min_size=1, max_size=3))
def test_only_the_templates_own_control_tokens_control_a_chat(
    encoders: dict[str, ChatEncoder], kind: str, turns: list[tuple[str, str]]
) -> None:
    encoder = encoders[kind]
    chat = [{"role": role, "content": content} for role, content in turns]
    harmless = [{**turn, "content": "x"} for turn in chat]
    assert _controls(encoder, encoder.chat(chat)) == _controls(encoder, _today(encoder.tokenizer, harmless))


@pytest.mark.parametrize("kind", [*KINDS, EMBEDDED])
@settings(max_examples=40, deadline=None)
@given(content=CONTENT)
def test_a_text_holds_no_control_token_and_keeps_its_ids_where_none_is_written(
    encoders: dict[str, ChatEncoder], kind: str, content: str
) -> None:
    encoder = encoders[kind]
    ids = encoder.text(content)
    assert _controls(encoder, ids) == []
    if not any(name in content for name in encoder.tokenizer.chat_control_tokens):
        chat = [{"role": "system", "content": content}, {"role": "user", "content": content}]
        assert ids == encoder.tokenizer(content, add_special_tokens=False).input_ids
        assert encoder.chat(chat) == _today(encoder.tokenizer, chat)


@pytest.mark.parametrize("kind", ["bpe", "slow", EMBEDDED])
@settings(max_examples=40, deadline=None)
@given(content=st.lists(st.sampled_from(PIECES[:-1]), max_size=8).map("".join))
def test_the_ids_of_a_text_decode_to_the_text(encoders: dict[str, ChatEncoder], kind: str, content: str) -> None:
    encoder = encoders[kind]
    assert encoder.tokenizer.decode(encoder.text(content)) == content


def test_a_control_token_that_the_tokenizers_own_model_makes_of_text_is_written_with_a_space(
    encoders: dict[str, ChatEncoder],
) -> None:
    unigram = encoders["unigram"]
    assert _controls(unigram, unigram.tokenizer("a</s>").input_ids) != []
    assert unigram.tokenizer.decode(unigram.text("a</s>")) == "a< /s>"


REFUSES = "{{ raise_exception('System role not supported') if messages[0]['role'] == 'system' }}" + bpe().chat_template


def test_a_system_message_that_the_template_refuses_stands_before_the_question() -> None:
    tokenizer = bpe()
    tokenizer.chat_template = REFUSES
    encoder = ChatEncoder(tokenizer)
    ids = encoder.chat([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who won?"}])
    assert tokenizer.decode(ids) == "<|user|>Be brief.\n\nWho won?<|model|>"


def test_a_text_without_turns_begins_with_the_token_that_begins_texts(encoders: dict[str, ChatEncoder]) -> None:
    for encoder in encoders.values():
        first = encoder.tokenizer.bos_token_id
        assert encoder.chat([]) == [encoder.tokenizer.eos_token_id if first is None else first]
