"""Completions are read as servers send them: parts, other types, missing fields, thinking without text."""

from typing import Any

import pytest

from runner.data.records import Reply
from runner.hosts.completion import read

THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "Bea? No."}]}


def completed(message: Any, finish: Any = "stop", **parts: Any) -> dict[str, Any]:
    """A completion with one choice."""
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}], **parts}


def text(content: Any) -> str:
    """The text that is read of a content."""
    return read(completed({"content": content})).text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Ada", "Ada"),
        ([THOUGHT, {"type": "text", "text": "Ada"}], "Ada"),
        ([{"type": "text", "text": "A"}, {"type": "text", "text": "da"}], "Ada"),
        ([{"type": "output_text", "text": "Ada", "annotations": []}], "Ada"),
        ({"type": "text", "text": "Ada"}, "Ada"),
        ([{"text": "Ada"}], "Ada"),
        (["A", "da"], "Ada"),
        ([{"type": "reasoning", "text": "Bea? No."}, {"type": "text", "text": "Ada"}], "Ada"),
        ([{"type": "reasoning_text", "text": "Bea? No."}], ""),
        ([], ""),
        ([THOUGHT], ""),
        (None, ""),
        ([{"question": "q", "answer": "ä"}], '[{"question": "q", "answer": "ä"}]'),
        ({"pairs": []}, '{"pairs": []}'),
        ([1, 3], "[1, 3]"),
        (5, "5"),
    ],
)
def test_a_content_is_text_or_parts_or_json_that_the_server_decoded(content: Any, words: str) -> None:
    assert text(content) == words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"content": None, "refusal": "I can't."}, "I can't."),
        ({"content": "", "tool_calls": [{"function": {"name": "f", "arguments": '["a"]'}}]}, '["a"]'),
        ({"tool_calls": [{"function": {"name": "f", "arguments": {"numbers": [1]}}}]}, '{"numbers": [1]}'),
        ({"function_call": {"arguments": '["a"]'}}, '["a"]'),
        ({"content": "Ada", "refusal": None, "tool_calls": []}, "Ada"),
        ({"tool_calls": [None]}, ""),
    ],
)
def test_what_stands_in_place_of_a_text_is_the_reply(message: dict[str, Any], words: str) -> None:
    assert read(completed(message)).text == words


@pytest.mark.parametrize(
    ("completion", "thought"),
    [
        (completed({"content": None, "reasoning_content": "Hm."}), True),
        (completed({"content": " ", "reasoning": "Hm."}), True),
        (completed({"content": [THOUGHT]}), True),
        (completed({"content": [{"type": "reasoning", "text": "Bea? No."}]}), True),
        (completed({"content": ""}, "length"), True),
        (completed({"content": ""}, "stop"), False),
        (completed({"content": "Ada", "reasoning": "Hm."}), False),
        (completed({"content": "Ada"}, "length"), False),
        (completed({"content": "", "reasoning": "Hm."}, "content_filter"), False),
    ],
)
def test_a_reply_that_came_to_no_text_is_known_to_be_thinking(completion: dict[str, Any], thought: bool) -> None:
    assert (read(completion).finish == "thinking") is thought


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 7}, (11, 7)),
        ({"prompt_tokens": "11", "completion_tokens": "7"}, (11, 7)),
        ({"prompt_tokens": 10.5, "completion_tokens": 7.0}, (11, 7)),
        ({"input_tokens": 11, "output_tokens": 7}, (11, 7)),
        ({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}, (11, 7)),
        ({"prompt_tokens": 21, "completion_tokens": 5, "total_tokens": 86}, (21, 65)),  # 60 of thinking, as Gemini counts
        ({"prompt_tokens": 21, "total_tokens": 21}, (21, 0)),
        ({"completion_tokens": 7, "total_tokens": 18}, (0, 7)),
        ({"prompt_tokens": -1, "completion_tokens": None}, (0, 0)),
        ({"prompt_tokens": "many", "completion_tokens": [7]}, (0, 0)),
        ({"prompt_tokens": float("inf"), "completion_tokens": float("nan")}, (0, 0)),
        ("many", (0, 0)),
        (None, (0, 0)),
    ],
)
def test_tokens_are_whole_numbers_whatever_type_they_came_in(usage: Any, tokens: tuple[int, int]) -> None:
    reply = read(completed({"content": "Ada"}, usage=usage))
    assert (reply.prompt_tokens, reply.reply_tokens) == tokens
    assert all(type(count) is int for count in (reply.prompt_tokens, reply.reply_tokens))


@pytest.mark.parametrize(
    ("usage", "cached"),
    [
        ({"prompt_tokens": 1100, "prompt_tokens_details": {"cached_tokens": 1024}}, 1024),
        ({"input_tokens": 1100, "input_tokens_details": {"cached_tokens": "1024"}}, 1024),
        ({"prompt_tokens": 11, "prompt_tokens_details": {"cached_tokens": 1024}}, 11),
        ({"prompt_tokens": 11, "prompt_tokens_details": {"cached_tokens": None}}, 0),
        ({"prompt_tokens": 11, "prompt_tokens_details": [7]}, 0),
        ({"prompt_tokens": 11}, 0),
    ],
)
def test_cached_tokens_are_some_of_those_of_the_request(usage: Any, cached: int) -> None:
    assert read(completed({"content": "Ada"}, usage=usage)).cached_tokens == cached


@pytest.mark.parametrize(
    ("sent", "finish"),
    [("stop", "stop"), ("MAX_TOKENS", "length"), ("model_length", "length"), ("SAFETY", "content_filter"), (None, ""), (1, "")],
)
def test_the_end_of_a_reply_has_the_word_of_the_format(sent: Any, finish: str) -> None:
    assert read(completed({"content": "Ada"}, sent)).finish == finish


@pytest.mark.parametrize(
    ("completion", "reply"),
    [
        ({"choices": []}, Reply(text="")),
        ({"choices": ["yes"], "usage": "many"}, Reply(text="")),
        ({"choices": "yes"}, Reply(text="")),
        ({"choices": [{"message": None, "finish_reason": None}]}, Reply(text="")),
        ({"choices": [{"message": "yes"}]}, Reply(text="")),
        ({"choices": {"message": {"content": "yes"}}}, Reply(text="yes")),
        ({"choices": [{"text": "yes", "finish_reason": "stop"}]}, Reply(text="yes", finish="stop")),
    ],
    ids=["empty", "other types", "a text", "no message", "message of text", "an object", "the older format"],
)
def test_missing_and_odd_parts_raise_nothing(completion: dict[str, Any], reply: Reply) -> None:
    assert read(completion) == reply
