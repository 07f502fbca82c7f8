"""Pairs of replies, written and read as OpenAI's preference files.

A file holds one JSON object a line: `input` with the messages of a conversation, and two replies to it, `preferred_output` and
`non_preferred_output`. The rules are those of OpenAI's API for direct preference optimisation.
"""

import json
from collections.abc import Sequence
from typing import Any

from runner.data.records import Message, Prompt
from runner.data.text import count
from runner.data.training import Preference
from runner.errors import Fault
from runner.hosts.chat_lines import LEAST, ROLES

PREFERRED, OTHER = "preferred_output", "non_preferred_output"


def preference_lines(pairs: Sequence[Preference]) -> bytes:
    """Write pairs as a preference file."""
    rows = (
        {
            "input": {"messages": [{"role": turn.role, "content": turn.content} for turn in pair.prompt.messages]},
            PREFERRED: [{"role": "assistant", "content": pair.chosen}],
            OTHER: [{"role": "assistant", "content": pair.rejected}],
        }
        for pair in pairs
    )
    # As in `chat_lines`: the hash of these bytes names the job.
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def preferences(file: bytes) -> list[Preference]:
    """Read the pairs of a preference file.

    Raise a Fault, which names the line, if the API would refuse a line, or if the file has fewer than 10.
    """
    pairs = list[Preference]()
    # Split as in `chat_lines`: at line feeds and carriage returns only.
    for number, line in enumerate(file.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pairs.append(_pair(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Fault(
                f"line {number} of the preference file: expected an object with input (an object with messages, each with a role "
                f"and a content that is text), {PREFERRED} and {OTHER} (each a list of one message of the assistant, and not the "
                f"same); found {line[:60]!r} ({error})"
            ) from error
    if len(pairs) < LEAST:
        raise Fault(f"the preference file has {len(pairs)} pairs, expected at least {LEAST}. Draw more answers")
    return pairs


def check_preferences(file: bytes, tokens: int, size: int) -> None:
    """Raise a Fault if the API would refuse the file.

    The limits are those of `chat_lines.check`.
    """
    if len(file) > size:
        raise Fault(f"the preference file holds {len(file)} bytes, expected {size} at most. Draw fewer answers")
    for number, pair in enumerate(preferences(file), start=1):
        longest = max(count(pair.chosen), count(pair.rejected))
        if (length := sum(count(turn.content) for turn in pair.prompt.messages) + longest) > tokens:
            raise Fault(f"pair {number} of the preference file holds at least {length} tokens, expected {tokens} at most")


def _pair(row: Any) -> Preference:
    """Read a pair; raise an error if the API would refuse it."""
    given = row["input"]
    if given.get("tools"):
        raise ValueError("tools are not offered")
    turns = [Message(role=turn["role"], content=turn["content"]) for turn in given["messages"]]
    if not turns or any(turn.role not in ROLES or not isinstance(turn.content, str) for turn in turns):
        raise ValueError("input.messages")
    chosen, rejected = (_reply(row[name], name) for name in (PREFERRED, OTHER))
    if chosen == rejected:
        raise ValueError("both replies are the same")
    return Preference(Prompt(messages=tuple(turns), tokens=0), chosen, rejected)


def _reply(messages: Any, name: str) -> str:
    # One message: the API trains on the last reply alone.
    (message,) = messages
    if message["role"] != "assistant" or not isinstance(message["content"], str) or not message["content"]:
        raise ValueError(name)
    return str(message["content"])
