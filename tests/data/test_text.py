"""Texts that differ only in form compare as equal, others do not; tokens are counted, and thinking is removed."""

import unicodedata

import pytest

from runner.data.text import count, normal, one_form, plain, words, words_version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller", "muller"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("5 \u2122", "5 tm"),
        ("4\u20132", "4-2"),
        ("4\u22122", "4-2"),
        ("Ada\u2019s", "ada's"),
        (" a\t b\u00a0c\n", "a b c"),
        ("\u201ca\u201d", '"a"'),
        ("5 \u3392", "5 mhz"),
    ],
)
def test_a_plain_text_has_one_form(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who won the final?", "who won  final"),
        ("What is Ada's score?", "What is Ada\u2019s score"),
        ("Where was the World-Cup held?", "Where was World Cup held?"),
        ("Who is A. Müller?", "Who is Muller?"),
        ("Who is **Ada**?", "Who is Ada?"),
        ("Who\u2014exactly\u2014won the 'cup' of 1998\u20132002?", "Who exactly won the cup of 1998-2002?"),
        ("Who won 4 -2 -- or drew?", "Who won 4-2, or drew?"),
        ("Is it C++?", "is it C++"),
        ("Is x>3?", "Is x > 3?"),
        ("Is x \u2265 3?", "Is x >= 3?"),
        ("東京？", "東京"),
    ],
)
def test_the_same_question_in_another_form_is_equal(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who won in 2018?", "Who won in 2022?"),
        ("?", "!"),
        ("the", "an"),
        ("What does && do?", "What does || do?"),
        ("What does -> do?", "What does > do?"),
        ("What does `?` do?", "What does `!` do?"),
        ("What does () do?", "What does [] do?"),
        ("Which year was C++ made?", "Which year was C made?"),
        ("x > 3", "x < 3"),
        ("x != 3", "x = 3"),
        ("x \u2260 3", "x = 3"),
        ("!x", "x"),
        ("What is -5 + 2?", "What is 5 + 2?"),
        ("1.5", "1 5"),
        (".5", "5"),
        ("2^3", "2*3"),
        ("6/2", "6-2"),
        ("$5", "\u20ac5"),
        ("カード", "ガード"),
        ("दिल", "दाल"),
    ],
)
def test_other_questions_stay_apart(one, other):
    assert normal(one) != normal(other)


def test_a_text_of_articles_alone_is_not_empty():
    assert normal("The") == "the"


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), (" \n", 0), ("Who won?", 3), ("4-2", 3), ("It's 88,966.", 7), ("naïve 日本", 3)]
)
def test_tokens_are_words_and_punctuation_marks(text, tokens):
    assert count(text) == tokens


def test_units_are_named_only_after_numbers():
    assert words("5 m from m") == ["5", "metre", "from", "m"]


@pytest.mark.parametrize(("text", "number"), [("0x00_1F", "0x1f"), ("0x1F_", "0x1f"), ("8'h1__F", "0x1f"), ("2'b1_0", "0b10")])
def test_a_number_to_another_base_may_have_underscores_anywhere(text, number):
    assert words(text) == [number]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("power\u00a0 down\n", "power down"),
        ("power\u200b\u202edown", "powerdown"),
        ("Pressure \x1b relief\x00", "Pressure relief"),
        ("\u200b", ""),
        ("می\u200cخواهم 👩\u200d👩", "می\u200cخواهم 👩\u200d👩"),
    ],
    ids=["accents", "spaces", "hidden", "control", "empty", "joiners stay"],
)
def test_names_that_look_the_same_are_the_same(name, same):
    assert one_form(name) == same


@pytest.mark.parametrize(
    ("text", "tokens"), [("中断控制器。", 6), ("深度为64字节", 6), ("ไทย", 3), ("Größe: 3 µs", 4), ("Глубина 64", 2)]
)
def test_each_sign_of_a_script_without_spaces_is_a_token(text, tokens):
    assert count(text) == tokens


def test_only_texts_whose_words_are_read_otherwise_have_another_version():
    assert words_version(["São Paulo – 5 µs", "Глубина", "Größe"]) == []
    for text in ("中断", "नमस्ते", "كِتَاب", unicodedata.normalize("NFD", "Größe")):
        assert words_version(["plain", text]) == ["signs are words"]
