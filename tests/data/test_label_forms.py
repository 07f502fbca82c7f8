"""Labels leave in the forms of other trainers, and come in again as they were."""

import pytest

from runner.data.label_forms import ALPACA, CHAT, DATASETS, FORMS, PROVENANCE, SHAREGPT, fields, row
from runner.errors import Fault
from tests.given import label

PAIR = label("Who won?", answer="Ada.", fact="Ada won the cup.", extra={"author": "Bea", "level": 3})
TEXT = label("", answer="Ada won.\nBea lost.", around="Who won?", method="document")
PLACED = {name: value for name in PROVENANCE if (value := vars(PAIR)[name]) != ""} | PAIR.extra
SYSTEM, ASKED, TOLD = (
    {"role": role, "content": text} for role, text in (("system", "Be brief."), ("user", "Who won?"), ("assistant", "Ada."))
)
TURNS = [{"from": "human", "value": "Who won?"}, {"from": "gpt", "value": "Ada."}]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (CHAT, {"messages": [SYSTEM, ASKED, TOLD]}),
        (SHAREGPT, {"conversations": TURNS, "system": "Be brief.", **PLACED}),
        (ALPACA, {"instruction": "Who won?", "input": "", "output": "Ada.", "system": "Be brief.", **PLACED}),
        (DATASETS, {"question": "Who won?", "answer": "Ada.", "messages": [SYSTEM, ASKED, TOLD], **PLACED}),
    ],
)
def test_a_pair_has_the_keys_of_the_form_and_says_where_it_comes_from_where_the_form_allows(form, expected):
    assert row(PAIR, form, "Be brief.") == expected


@pytest.mark.parametrize("form", FORMS)
def test_without_an_instruction_there_is_no_system_message(form):
    written = row(PAIR, form, "")
    assert "system" not in written
    assert written.get("messages", [ASKED, TOLD]) == [ASKED, TOLD]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_as_the_same_question_and_answer(form):
    read = fields(row(PAIR, form, "Be brief."))
    assert (read["question"], read["answer"]) == ("Who won?", "Ada.")
    assert {**read, **(PLACED if form == CHAT else {})} == {"question": "Who won?", "answer": "Ada.", **PLACED}


@pytest.mark.parametrize("form", FORMS)
def test_a_label_without_a_question_is_its_text(form):
    written = row(TEXT, form, "Be brief.")
    assert (written["text"], written["around"]) == ("Ada won.\nBea lost.", "Who won?")
    assert fields(written) == written


def test_a_further_column_with_the_name_of_a_key_gets_a_longer_one():
    assert row(label(extra={"system": "x"}), ALPACA, "Be brief.")["extra_system"] == "x"


def test_an_input_is_read_below_its_instruction():
    read = fields({"instruction": "Name the winner.", "input": "The cup of 2031", "output": "Ada"})
    assert read == {"question": "Name the winner.\nThe cup of 2031", "answer": "Ada"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"messages": [ASKED, TOLD, ASKED, TOLD]}, "a conversation of 4 turns"),
        ({"messages": [ASKED]}, "a conversation of 1 turns"),
        ({"conversations": [TOLD, ASKED]}, "a turn that can't be read"),
        ({"conversations": ["Who won?"]}, "a turn that can't be read"),
        ({"instruction": "a", "output": "b", "history": [["c", "d"]]}, "several turns"),
    ],
)
def test_what_is_no_single_question_and_answer_is_refused(values, words):
    with pytest.raises(Fault, match=words):
        fields(values)


def test_rows_of_our_own_stay_as_they_are():
    plain = {"question": "Who won?", "answer": "Ada.", "input": "x", "author": "Bea"}
    assert fields(plain) == plain
    assert fields({"answer": "Ada."}) == {"answer": "Ada."}
