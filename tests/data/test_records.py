"""Records survive being written and read, their digests do not hang on order, and no ledger hides anything."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from runner.data.records import Answer, Labelling, Ledger, Message, Passage, Prompt, Request, chat, digest, read, write
from tests.given import label, question, section


def test_a_ledger_that_reconciles_is_made():
    ledger = Ledger(stage="pairs", requested=6, kept=3, filtered={"duplicate": 2}, failed={"unreadable reply": 1})
    assert ledger.kept == 3


@pytest.mark.parametrize("kept", [2, 4])
def test_a_ledger_that_does_not_reconcile_is_refused(kept):
    with pytest.raises(ValueError, match=f"pairs does not reconcile: 6 requested, {kept + 3} found"):
        Ledger(stage="pairs", requested=6, kept=kept, filtered={"duplicate": 2}, failed={"unreadable reply": 1})


def test_a_digest_does_not_hang_on_the_order_of_keys():
    assert digest({"a": 1, "b": {"c": 2, "d": 3}}) == digest({"b": {"d": 3, "c": 2}, "a": 1})


def test_a_digest_hangs_on_the_order_of_a_list():
    assert digest([1, 2]) != digest([2, 1])


def test_a_digest_is_of_a_fixed_length_in_hexadecimal():
    assert len(digest("x")) == 32
    assert int(digest("x"), 16) > 0


def test_records_and_paths_have_digests():
    assert digest([section(), Path("a")]) == digest([section(), Path("a")])
    assert digest([section("other"), Path("a")]) != digest([section(), Path("a")])
    assert digest(Path("a")) == digest("a")


def test_a_record_has_the_digest_of_its_fields():
    assert digest(Message(role="user", content="é")) == digest({"content": "é", "role": "user"})


def test_a_pair_has_the_digest_that_it_had_before_texts_could_be_written_around_a_question():
    pair = label()
    parts = {
        "question": "Who won?",
        "answer": "Ada.",
        "method": "human",
        "section": "cup.md#Final",
        "category": "cup",
        "fact": "",
    }
    assert digest(pair) == digest({**parts, "round": 0, "origin": "labels.jsonl:1", "position": 0})
    assert digest(pair) != digest(replace(pair, around="Who lost?"))


def test_what_cannot_be_told_apart_by_its_fields_has_no_digest():
    with pytest.raises(TypeError):
        digest(object())


@pytest.mark.parametrize(
    "records",
    [
        (section("Zeile\nzwei 日本 \u2028 \x85 \x0c end"), section("b")),
        (label(position=0.25), label(fact="f")),
        (question(aliases=("A", "B")),),
        (Answer(question="q", text="", passages=(Passage(section="s", text="t"),)),),
        (Request(prompt=Prompt(messages=(Message(role="user", content="q"),), tokens=5, attempt=2)),),
        (Labelling(labels=(label(),), ledgers=(Ledger(stage="s", requested=1, kept=0, filtered={"empty": 1}),), units=1),),
        (),
    ],
    ids=["sections", "labels", "questions", "answers", "asked", "labelling", "nothing"],
)
def test_what_is_written_is_read_again(tmp_path, records):
    write(tmp_path / "records.jsonl", records)
    kind = type(records[0]) if records else Answer
    assert read(tmp_path / "records.jsonl", kind) == records


def test_records_of_another_kind_are_not_read(tmp_path):
    @dataclass(frozen=True, kw_only=True)
    class Other:
        """Something else."""

        colour: str

    write(tmp_path / "records.jsonl", [Other(colour="red")])
    with pytest.raises(ValidationError):
        read(tmp_path / "records.jsonl", Answer)


def test_a_chat_puts_the_instruction_before_the_question():
    assert [message.role for message in chat("Who?", "Be brief.", 5).messages] == ["system", "user"]


def test_a_chat_without_instruction_is_the_question_alone():
    assert chat("Who?", "", 5).messages == (Message(role="user", content="Who?"),)


def test_the_form_that_a_reply_shall_have_makes_no_other_request(tmp_path):
    class Form(BaseModel):
        """Anything."""

    prompt = chat("Who?", "", 5)
    formed = replace(prompt, schema=Form)
    assert formed == prompt
    assert digest(formed) == digest(prompt)
    write(tmp_path / "asked.jsonl", [Request(prompt=formed)])
    assert read(tmp_path / "asked.jsonl", Request) == (Request(prompt=prompt),)
