"""Chat completions, through OpenAI's client."""

import openai
import pytest
from openai import OpenAI

from runner.data.records import chat
from runner.model.huggingface import HuggingFace

ASKED = [{"role": "user", "content": "Who won the cup?"}]


def test_at_temperature_0_the_reply_is_the_runners_own(client: OpenAI, talker: HuggingFace) -> None:
    ((_, own),) = talker.ask([chat("Who won the cup?", "", 12)])
    reply = client.chat.completions.create(model="small", messages=ASKED, temperature=0, max_completion_tokens=12)
    assert reply.choices[0].message.content == own.text != ""
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (own.prompt_tokens, own.reply_tokens)
    assert reply.usage.total_tokens == own.prompt_tokens + own.reply_tokens


def test_a_stream_says_the_same_piece_by_piece_and_ends_with_the_usage(client: OpenAI) -> None:
    fields = {"model": "small", "messages": ASKED, "temperature": 0, "max_tokens": 12}
    whole = client.chat.completions.create(**fields)
    chunks = list(client.chat.completions.create(**fields, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks[:-1]]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) > 3
    assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason == "length"
    assert chunks[-1].usage == whole.usage


def test_chance_comes_out_the_same_with_the_same_seed(client: OpenAI) -> None:
    fields = {"model": "small", "messages": ASKED, "max_tokens": 12}
    first, again, other = (
        client.chat.completions.create(**fields, temperature=2, seed=seed).choices[0].message.content for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_reply_ends_before_the_text_that_it_was_told_to_stop_at(client: OpenAI) -> None:
    fields = {"model": "small", "messages": ASKED, "temperature": 0, "max_tokens": 12}
    whole = client.chat.completions.create(**fields).choices[0].message.content
    stop = whole[len(whole) // 2 :][:4]
    cut = client.chat.completions.create(**fields, stop=[stop]).choices[0]
    streamed = client.chat.completions.create(**fields, stop=[stop], stream=True)
    assert (cut.message.content, cut.finish_reason) == (whole[: whole.index(stop)].rstrip(), "stop")
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == cut.message.content


def test_a_conversation_goes_on_with_the_reply_that_was_sent(client: OpenAI) -> None:
    fields = {"model": "small", "temperature": 0, "max_tokens": 4}
    reply = client.chat.completions.create(**fields, messages=ASKED).choices[0].message
    nothing = {"tools": None, "logit_bias": {}, "logprobs": False, "presence_penalty": 0, "frequency_penalty": 0.0}
    again = client.chat.completions.create(**fields, messages=[*ASKED, reply, *ASKED], extra_body=nothing)
    assert again.choices[0].message.content


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"presence_penalty": 1}, "presence_penalty"),
        ({"seed": 2**63}, "seed"),
        ({"tools": [{"type": "function", "function": {"name": "look"}}]}, "tools"),
        ({"n": 2}, "n"),
        ({"temperature": 3}, "temperature"),
        ({"max_tokens": 5000}, "max_completion_tokens"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"messages": []}, "messages"),
    ],
)
def test_what_is_not_offered_is_refused_by_name_and_not_ignored(client: OpenAI, fields: dict[str, object], field: str) -> None:
    with pytest.raises(openai.BadRequestError, match=field):
        client.chat.completions.create(**{"model": "small", "messages": ASKED, **fields})


def test_more_than_the_model_reads_is_refused_with_the_lengths(client: OpenAI) -> None:
    long = [{"role": "user", "content": "cup " * 9000}]
    with pytest.raises(openai.BadRequestError, match="the messages hold 90") as refused:
        client.chat.completions.create(model="small", messages=long)
    assert refused.value.code == "context_length_exceeded"
