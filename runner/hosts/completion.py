"""Chat completions in, replies out.

A completion is read from its plain JSON. Compatible servers leave out fields, or send other types than the format names. What
is missing is then empty or 0, and nothing is raised.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from runner.data.records import Reply

# Some servers pass on the words of the model behind them. Each list begins with the word of the format.
_ENDS = {
    "length": ("max_tokens", "max_output_tokens", "model_length", "max_length"),
    "content_filter": ("safety", "refusal", "recitation", "prohibited_content", "blocklist", "content_filtered"),
}
_END = {word: end for end, words in _ENDS.items() for word in words}
_THINKING = ("thinking", "reasoning", "redacted_thinking", "reasoning_text")  # types of parts
_REASONING = ("reasoning_content", "reasoning", "reasoning_details", "thinking")


def read(completion: Mapping[str, Any]) -> Reply:
    """Read the reply of a completion.

    A reply without text is the refusal, or the arguments of the call to a tool, if there is one.
    """
    choices = completion.get("choices")
    choice = _object(choices[0] if isinstance(choices, list) and choices else choices)
    message, usage = _object(choice.get("message")), _object(completion.get("usage"))
    content = message.get("content") if "message" in choice else choice.get("text")
    text, parts = _text(content), content if isinstance(content, list) else [content]
    if not text.strip():
        text = _text(message.get("refusal")) or _arguments(message)
    finish = _finish(choice.get("finish_reason"))
    # A host may hide the thinking. A reply that ended at its limit before its first word was nothing but thinking all the same.
    thought = any(message.get(name) for name in _REASONING) or any(map(_is_thinking, parts)) or finish == "length"
    prompt_tokens = _count(usage.get("prompt_tokens")) or _count(usage.get("input_tokens"))
    # Gemini and Grok count the tokens of thinking, which they charge for, in the total alone.
    beside_prompt = _count(usage.get("total_tokens")) - prompt_tokens if prompt_tokens else 0
    details = _object(usage.get("prompt_tokens_details")) or _object(usage.get("input_tokens_details"))
    return Reply(
        text=sendable(text),
        prompt_tokens=prompt_tokens,
        cached_tokens=min(_count(details.get("cached_tokens")), prompt_tokens),
        reply_tokens=max(_count(usage.get("completion_tokens")) or _count(usage.get("output_tokens")), beside_prompt),
        finish="thinking" if thought and not text.strip() and finish != "content_filter" else finish,
    )


def sendable(text: str) -> str:
    """Return the text without surrogates, which UTF-8 cannot hold.

    The two halves of a pair are joined; a lone half is replaced.
    """
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(content: Any) -> str:
    """Return the text of a content: a string, a part, or parts.

    Parts that hold thinking are left out. Any other value is JSON that the server has decoded, and is written as JSON again.
    """
    if content is None or isinstance(content, str):
        return content or ""
    parts = content if isinstance(content, list) else [content]
    if not all(_is_part(part) for part in parts):
        return json.dumps(content, ensure_ascii=False)
    return "".join(part if isinstance(part, str) else _text(part.get("text")) for part in parts if not _is_thinking(part))


def _is_part(part: Any) -> bool:
    return isinstance(part, str) or isinstance(_object(part).get("text"), str) or isinstance(_object(part).get("type"), str)


def _is_thinking(part: Any) -> bool:
    return _object(part).get("type") in _THINKING


def _arguments(message: Mapping[str, Any]) -> str:
    """Return the arguments of the first call to a tool."""
    # No tool is offered, but some servers make one of the schema of a reply.
    calls = message.get("tool_calls")
    call = _object(calls[0]) if isinstance(calls, list) and calls else message
    return _text(_object(call.get("function") or call.get("function_call")).get("arguments"))


def _finish(value: Any) -> str:
    word = value if isinstance(value, str) else ""
    return _END.get(word.lower(), word)


def _count(value: Any) -> int:
    """Return a number of tokens; 0 where it is none."""
    try:
        # Rounded up: a part of a token was paid for.
        return max(0, math.ceil(float(value)))
    except (TypeError, ValueError, OverflowError):
        return 0
