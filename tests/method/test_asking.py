"""A teacher is asked again if its reply cannot be read, and what was cut off is continued."""

import json

import pytest

from runner.method.asking import Inquiry, ask
from runner.method.forms import Pair, PairList, StatementList
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, in_turn, said


def pairs(*questions: str, answer: str = "Ada.") -> str:
    """A reply that holds these questions."""
    return json.dumps([{"question": question, "answer": answer} for question in questions])


def test_replies_come_in_the_order_of_the_texts_however_they_arrive():
    readings = ask(Scripted(lambda asked: f'["{said(asked)}"]', backwards=True), [Inquiry(name) for name in "abc"], str, 5, 0)
    assert [reading.entries for reading in readings] == [("a",), ("b",), ("c",)]


def test_a_text_that_was_asked_before_is_another_attempt():
    teacher = Scripted(said)
    ask(teacher, [Inquiry("a"), Inquiry("b", attempt=2)], str, 5, 0)
    assert [asked.attempt for asked in teacher.asked] == [0, 2]


@pytest.mark.parametrize(("kind", "form"), [(Pair, PairList), (str, StatementList)])
def test_a_prompt_names_the_form_of_its_reply(kind, form):
    teacher = Scripted(lambda asked: "[]")
    ask(teacher, [Inquiry("a")], kind, 5, 0)
    assert teacher.asked[0].schema is form


def test_a_teacher_is_shown_its_faulty_reply_and_told_what_is_wrong():
    teacher = Scripted(in_turn("<think>Hm.</think>Ada won.", '["a"]'))
    (reading,) = ask(teacher, [Inquiry("Go on.", attempt=1)], str, 5, 2)
    assert (reading.entries, reading.fault, reading.retries) == (("a",), "", 1)
    turns = [(turn.role, turn.content) for turn in teacher.asked[1].messages]
    told = "That reply can't be read. Reply with a JSON array of strings alone."
    assert turns == [("user", "Go on."), ("assistant", "Ada won."), ("user", told)]
    assert (teacher.asked[1].attempt, teacher.asked[1].schema) == (1, StatementList)


@pytest.mark.parametrize(
    ("kind", "reply", "words"),
    [
        (Pair, "no", 'can\'t be read. Reply with a JSON array of objects with the keys "question" and "answer"'),
        (str, "no", "can't be read. Reply with a JSON array of strings alone."),
        (int, '["Ada won."]', "can't be read. Reply with a JSON array of whole numbers alone."),
        (int, "[0, 2]", "names 0, and the list has the numbers 1 to 3. Reply with a JSON array of whole numbers alone."),
        (str, "<think>Hm", "held thinking alone. Reply with a JSON array of strings alone."),
    ],
)
def test_a_teacher_that_is_asked_again_is_told_the_type_of_the_entries(kind, reply, words):
    teacher = Scripted(in_turn(reply, "[]"))
    ask(teacher, [Inquiry("a", most=3)], kind, 5, 1)
    assert words in said(teacher.asked[1])


def test_numbers_that_are_beyond_the_list_are_replaced_by_those_of_the_next_reply():
    teacher = Scripted(in_turn("[0, 1, 2]", '["1", "2", "3"]'))
    (reading,) = ask(teacher, [Inquiry("a", most=3)], int, 5, 2)
    assert (reading.entries, reading.fault, reading.retries) == ((1, 2, 3), "", 1)


def test_a_teacher_is_asked_again_up_to_the_limit():
    teacher = Scripted(lambda asked: "no")
    (reading,) = ask(teacher, [Inquiry("a")], str, 5, 2)
    assert (reading.fault, reading.retries, len(teacher.asked)) == ("unreadable reply", 2, 3)
    assert [turn.role for turn in teacher.asked[2].messages] == ["user", "assistant"] * 2 + ["user"]


def test_only_what_can_not_be_read_is_asked_again_and_together():
    teacher = Scripted(lambda asked: '["x"]' if len(asked.messages) > 1 or said(asked) == "b" else "no")
    readings = ask(teacher, [Inquiry(name) for name in "abc"], str, 5, 3)
    assert [reading.retries for reading in readings] == [1, 0, 1]
    assert [asked.messages[0].content for asked in teacher.asked] == ["a", "b", "c", "a", "c"]


def test_the_rest_of_a_reply_that_was_cut_off_is_asked_for_and_added():
    teacher = Scripted(in_turn(pairs("a", "b")[:-5], pairs("b", "c")))
    (reading,) = ask(teacher, [Inquiry("Go on.")], Pair, 5, 2)
    assert [pair.question for pair in reading.entries] == ["a", "b", "c"]
    assert "cut off; entries that can be read: 1." in said(teacher.asked[1])


def test_a_reply_that_is_right_but_short_is_not_asked_again():
    teacher = Scripted(lambda asked: pairs("a"))
    ask(teacher, [Inquiry("a")], Pair, 5, 2)
    assert len(teacher.asked) == 1


@pytest.mark.parametrize(
    ("reply", "turn"),
    [("", "(nothing)"), ("<think>Hm", "(nothing)"), ("<think>x</think>\n\n", "(nothing)"), ("x" * 10**6, "x" * 70)],
)
def test_a_faulty_reply_is_shown_as_a_turn_that_is_neither_empty_nor_endless(reply, turn):
    teacher = Scripted(lambda asked: reply)
    ask(teacher, [Inquiry("a")], str, 7, 1)
    assert teacher.asked[1].messages[1].content == turn


def test_what_was_asked_again_is_remembered(tmp_path):
    first, second = Scripted(in_turn("no", '["a"]')), Scripted(lambda asked: "never asked")
    for teacher in (first, second):
        (reading,) = ask(CachedModel(teacher, LocalStore(tmp_path).replies), [Inquiry("a")], str, 5, 2)
        assert reading.entries == ("a",)
    assert (len(first.asked), second.asked) == (2, [])


def test_a_reply_that_is_cut_off_again_and_again_is_continued_while_it_brings_new_entries():
    teacher = Scripted(in_turn(*(f'["{number}", "cut' for number in range(6)), '["6"]'))
    (reading,) = ask(teacher, [Inquiry("a", entries=100)], str, 5, 2)
    assert (reading.entries, reading.fault, reading.retries) == (tuple("0123456"), "", 6)


@pytest.mark.parametrize(("entries", "asked"), [(100, 3), (0, 3), (4, 5)])
def test_a_teacher_that_repeats_itself_or_never_ends_is_not_continued_for_ever(entries, asked):
    numbers = iter(range(1000))
    teacher = Scripted(lambda prompt: '["0", "cut' if entries != 4 else f'["{next(numbers)}", "cut')
    (reading,) = ask(teacher, [Inquiry("a", entries=entries)], str, 5, 2)
    assert (reading.fault, len(teacher.asked)) == ("cut off", asked)
