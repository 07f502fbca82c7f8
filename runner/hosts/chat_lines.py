"""Examples, to the lines of a fine-tuning file as OpenAI's API has it, and back, by the API's rules."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from runner.data.records import Message, Prompt
from runner.data.text import FRAME, PER_TOKEN, count, most_tokens
from runner.errors import Fault

LEAST = 10  # examples in a file
ROLES = ("system", "user", "assistant")

Example = tuple[Prompt, str]


def lines(examples: Sequence[Example]) -> bytes:
    """A fine-tuning file: a JSON object a line, its messages those of the prompt and the reply as the assistant's."""
    rows = (
        [*({"role": turn.role, "content": turn.content} for turn in prompt.messages), {"role": "assistant", "content": reply}]
        for prompt, reply in examples
    )
    return "".join(json.dumps({"messages": row}, ensure_ascii=False) + "\n" for row in rows).encode()


def check(file: bytes, tokens: int, size: int) -> None:
    """Raise a Fault where the API would refuse the file, or an example surely holds more than `tokens` tokens.

    Words and punctuation marks are counted, of which a tokenizer makes at least as many tokens.
    """
    if len(file) > size:
        raise Fault(f"the fine-tuning file holds {len(file)} bytes, expected {size} at most. Draw fewer labels")
    for number, (prompt, reply) in enumerate(examples(file), start=1):
        if (long := sum(count(turn.content) for turn in prompt.messages) + count(reply)) > tokens:
            raise Fault(f"example {number} of the fine-tuning file holds at least {long} tokens, expected {tokens} at most")


def tokens(taught: Sequence[Example]) -> tuple[int, int]:
    """About how many tokens an epoch trains on, and at most."""
    texts = [text for prompt, reply in taught for text in (*(turn.content for turn in prompt.messages), reply)]
    return int(sum(map(len, texts)) / PER_TOKEN) + FRAME * len(texts), most_tokens(texts)


def usual_epochs(number: int) -> int:
    """Epochs that OpenAI says its host takes for so many examples (its cookbook's Chat_finetuning_data_prep): 3 as a rule."""
    if 3 * number < 100:
        return min(25, 100 // max(1, number))
    return 3 if 3 * number <= 25_000 else max(1, 25_000 // number)


def examples(file: bytes) -> list[Example]:
    """What a fine-tuning file teaches: each reply of the assistant, unless its weight is 0, to the turns before it.

    A Fault where the file has fewer than 10 examples or a line that the API refuses; it names the line.
    """
    found, rows = list[Example](), 0
    for number, line in enumerate(file.splitlines(), start=1):
        if not line.strip():
            continue
        rows += 1
        try:
            found += _taught(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Fault(
                f"line {number} of the fine-tuning file: expected an object with messages, each with a role (system, user, "
                f"assistant) and a content that is text, at least one of them the assistant's; found {line[:60]!r} ({error})"
            ) from error
    if rows < LEAST:
        raise Fault(f"the fine-tuning file has {rows} examples, expected at least {LEAST}. Draw more labels")
    return found


def _taught(row: Any) -> Iterator[Example]:
    turns = [(Message(role=turn["role"], content=turn["content"]), turn.get("weight", 1)) for turn in row["messages"]]
    for turn, weight in turns:
        if turn.role not in ROLES or not isinstance(turn.content, str) or weight not in (0, 1):
            raise ValueError(f"role {turn.role!r}, weight {weight!r}")
    taught = [at for at, (turn, weight) in enumerate(turns) if turn.role == "assistant" and weight]
    if not taught or not turns[taught[0]][0].content:
        raise ValueError("nothing to learn")
    for at in taught:
        yield Prompt(messages=tuple(turn for turn, _ in turns[:at]), tokens=0), turns[at][0].content
