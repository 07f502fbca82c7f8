"""Fine-tuning files are written, read back, and refused by the API's rules before anything is sent."""

import json

import pytest

from runner.data.records import Message, Prompt, chat
from runner.errors import Fault
from runner.hosts.chat_lines import check, examples, lines, tokens, usual_epochs

TAUGHT = [
    (Prompt(messages=chat(f"What is pin {number}?", "Be brief.", 0).messages, tokens=0), f"Pin {number}, é.")
    for number in range(10)
]
TURN = {"role": "user", "content": "Who won?"}
REPLY = {"role": "assistant", "content": "Ada."}


def test_written_examples_are_read_back() -> None:
    assert examples(lines(TAUGHT)) == TAUGHT


def test_each_reply_of_a_conversation_is_taught_unless_its_weight_is_0() -> None:
    row = {
        "messages": [TURN, {**REPLY, "weight": 0}, {"role": "user", "content": "Sure?"}, {"role": "assistant", "content": "Yes."}]
    }
    first, *_ = examples(lines(TAUGHT)[:0] + json.dumps(row).encode() + b"\n" + lines(TAUGHT))
    assert first == (
        Prompt(messages=(Message(**TURN), Message(**REPLY), Message(role="user", content="Sure?")), tokens=0),
        "Yes.",
    )


def test_fewer_than_ten_examples_are_refused() -> None:
    with pytest.raises(Fault, match="has 9 examples, expected at least 10"):
        examples(lines(TAUGHT[:9]))


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [TURN]},
        {"messages": [{**TURN, "role": "teacher"}, REPLY]},
        {"messages": [TURN, {"role": "assistant", "content": None}]},
        {"messages": [TURN, {**REPLY, "weight": 2}]},
        {"prompt": "Who won?", "completion": "Ada."},
        ["Who won?"],
    ],
    ids=["no reply", "unknown role", "no text", "unknown weight", "another form", "no object"],
)
def test_a_line_that_the_api_refuses_is_named_by_its_number(row: object) -> None:
    with pytest.raises(Fault, match="line 11 of the fine-tuning file: expected an object with messages"):
        examples(lines(TAUGHT) + json.dumps(row).encode())


def test_brackets_without_end_are_refused_as_a_line() -> None:
    with pytest.raises(Fault, match="line 11 of the fine-tuning file: expected an object with messages"):
        examples(lines(TAUGHT) + b"[" * 200_000)


def test_a_line_that_is_no_json_is_named_by_its_number() -> None:
    with pytest.raises(Fault, match="line 1 of"):
        examples(b"{\n" + lines(TAUGHT))


def test_a_file_is_checked_for_its_size_and_the_length_of_its_examples() -> None:
    file = lines([*TAUGHT, (chat("What is long?", "", 0), "very " * 50)])
    check(file, tokens=60, size=len(file))
    with pytest.raises(Fault, match="example 11 of the fine-tuning file holds at least 5"):
        check(file, tokens=50, size=len(file))
    with pytest.raises(Fault, match="bytes, expected"):
        check(file, tokens=60, size=len(file) - 1)


def test_tokens_are_estimated_and_bounded() -> None:
    about, most = tokens([(chat("x" * 400, "", 0), "é" * 40)])
    assert (about, most) == (int(440 / 4.2) + 2 * 4, 400 + 2 * 40 + 2 * 16)


@pytest.mark.parametrize(("number", "epochs"), [(3, 25), (10, 10), (33, 3), (150, 3), (8333, 3), (10_000, 2), (50_000, 1)])
def test_the_usual_epochs_are_those_of_openai_s_cookbook(number: int, epochs: int) -> None:
    assert usual_epochs(number) == epochs
