"""Training examples, written and read as OpenAI's fine-tuning files.

A file holds one JSON object a line, with the messages of one conversation. The rules are those of OpenAI's API, so that a file is
refused here before it is uploaded.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from runner.data.records import Message, Prompt
from runner.data.text import FRAME, PER_TOKEN, count, most_tokens
from runner.errors import Fault

LEAST = 10  # examples: OpenAI and Azure refuse a file with fewer
ROLES = ("system", "user", "assistant")  # the API also knows tools, which no label here calls

Example = tuple[Prompt, str]  # a prompt and the reply to learn


def lines(examples: Sequence[Example]) -> bytes:
    """Write examples as a fine-tuning file.

    Each line holds the prompt's messages and the reply, as the assistant's message.
    """
    rows = (
        [*({"role": turn.role, "content": turn.content} for turn in prompt.messages), {"role": "assistant", "content": reply}]
        for prompt, reply in examples
    )
    # The hash of these bytes names the job: the same examples must give the same bytes, so that no job is paid for twice.
    return "".join(json.dumps({"messages": row}, ensure_ascii=False) + "\n" for row in rows).encode()


def check(file: bytes, tokens: int, size: int) -> None:
    """Raise a Fault if the API would refuse the file.

    `size` is the most bytes of a file, `tokens` the most tokens of an example. Words and punctuation marks are counted in place
    of tokens, and a tokenizer makes at least one token of each. So a Fault is never wrong, but a long example may pass.
    """
    if len(file) > size:
        raise Fault(f"the fine-tuning file holds {len(file)} bytes, expected {size} at most. Draw fewer labels")
    for number, (prompt, reply) in enumerate(examples(file), start=1):
        if (length := sum(count(turn.content) for turn in prompt.messages) + count(reply)) > tokens:
            raise Fault(f"example {number} of the fine-tuning file holds at least {length} tokens, expected {tokens} at most")


def tokens(examples: Sequence[Example]) -> tuple[int, int]:
    """Return an epoch's tokens, estimated and at most."""
    # Every token is paid for, those of the prompt too, though only the reply is learned. FRAME stands around each message.
    texts = [text for prompt, reply in examples for text in (*(turn.content for turn in prompt.messages), reply)]
    return int(sum(map(len, texts)) / PER_TOKEN) + FRAME * len(texts), most_tokens(texts)


def usual_epochs(number: int) -> int:
    """Return the epochs that OpenAI chooses for `number` examples.

    The rule stands in its cookbook, Chat_finetuning_data_prep. It is 3 epochs as a rule. For few examples it is more, up to 25,
    so that 100 are trained on in total. For many it is fewer, so that no more than 25,000 are.
    """
    if 3 * number < 100:
        return min(25, 100 // max(1, number))
    return 3 if 3 * number <= 25_000 else max(1, 25_000 // number)


def examples(file: bytes) -> list[Example]:
    """Read the examples of a fine-tuning file.

    Each reply of the assistant is one example, with the messages before it as its prompt, unless its weight is 0. Raise a Fault,
    which names the line, if the API would refuse a line, or if the file has fewer than 10.
    """
    taught, rows = list[Example](), 0
    # bytes.splitlines splits at line feeds and carriage returns only. A str would be split at U+2028 too, which JSON may hold.
    for number, line in enumerate(file.splitlines(), start=1):
        if not line.strip():
            continue
        rows += 1
        try:
            taught += _taught(json.loads(line))
        # A line is any JSON value, written by anybody: a list has no keys, null has no messages, a number is not iterable, and
        # brackets can nest without end.
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Fault(
                f"line {number} of the fine-tuning file: expected an object with messages, each with a role (system, user, "
                f"assistant) and a content that is text, at least one of them the assistant's; found {line[:60]!r} ({error})"
            ) from error
    if rows < LEAST:
        raise Fault(f"the fine-tuning file has {rows} examples, expected at least {LEAST}. Draw more labels")
    return taught


def _taught(row: Any) -> Iterator[Example]:
    """Yield the examples of one conversation; raise an error if the API would refuse it."""
    turns = [(Message(role=turn["role"], content=turn["content"]), turn.get("weight", 1)) for turn in row["messages"]]
    for turn, weight in turns:
        if turn.role not in ROLES or not isinstance(turn.content, str) or weight not in (0, 1):
            raise ValueError(f"role {turn.role!r}, weight {weight!r}")
    places = [place for place, (turn, weight) in enumerate(turns) if turn.role == "assistant" and weight]
    if not places or not turns[places[0]][0].content:
        raise ValueError("nothing to learn")
    for place in places:
        yield Prompt(messages=tuple(turn for turn, _ in turns[:place]), tokens=0), turns[place][0].content
