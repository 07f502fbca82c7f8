"""The second request: its answers are found by number or by words, and compared as the grader compares."""

import json

import pytest

from runner.exam_writing.question_check import checked, fault_at_sight
from tests import given
from tests.given import Scripted

FINAL = given.section()
DEPTH = given.question("depth", question="How deep is the FIFO?", answer="64 bytes", section=FINAL.id)
NAME = given.question("name", question="Who won?", answer="Ada Lovelace", aliases=("Ada",), section=FINAL.id)


def faults(*pairs: tuple[str, str]) -> dict[str, str]:
    """What is wrong with both questions after this reply."""
    reply = json.dumps([{"question": number, "answer": answer} for number, answer in pairs])
    return checked([[DEPTH, NAME], []], {FINAL.id: FINAL}, "{text}{questions}", 100, 0, Scripted(lambda prompt: reply))[0]


@pytest.mark.parametrize("numbers", [("1", "2"), ("1.", "#2"), ("How deep is the FIFO?", "2. Who won?")])
def test_an_answer_agrees_as_an_exams_answer_passes(numbers: tuple[str, str]) -> None:
    assert faults((numbers[0], "It is 64 bytes deep."), (numbers[1], "ada")) == {"depth": "", "name": ""}


def test_each_fault_has_its_reason() -> None:
    assert faults(("1", "32 bytes")) == {"depth": "its section gives another answer", "name": "not checked"}
    assert faults(("1", "**NOT STATED**"), ("2", "Several: Ada, Bob")) == {
        "depth": "not answered by its section",
        "name": "several right answers",
    }


def test_only_an_answer_of_its_own_words_is_given_away() -> None:
    assert fault_at_sight(given.question(question="Is a FIFO of 64 bytes deep?", answer="64 bytes"), 99) == "answered by itself"
    assert fault_at_sight(given.question(question="How many of 640 bytes?", answer="64"), 99) == ""
