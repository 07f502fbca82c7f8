"""Replies are read as they are written; nothing is guessed, and a fault is named if something cannot be read."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.data.records import Reply
from runner.method.forms import FactPair, Pair
from runner.method.reading import read

SPORTS = Path(__file__).resolve().parents[2] / "runner" / "corpus" / "sports"
ONE, TWO = '{"question": "Who?", "answer": "Ada"}', '{"question": "When?", "answer": "In 1999"}'
THOUGHT = Reply(text="", finish="thinking")  # what a client makes of a completion that holds nothing else
BOTH = [("Who?", "Ada"), ("When?", "In 1999")]


def found(text: str, finish: str = "") -> tuple[list[tuple[str, str]], str]:
    """The pairs that are read in a text, and the fault."""
    reading = read(Reply(text=text, finish=finish), Pair)
    return [(pair.question, pair.answer) for pair in reading.entries], reading.fault


@pytest.mark.parametrize(
    "text",
    [
        f"[{ONE}, {TWO}]",
        f"```json\n[{ONE},\n{TWO}]\n```",
        f"Here they are:\n[{ONE}, {TWO}]\nThat is all.",
        f"[1] Here are {{curly}} pairs, [as asked]: [{ONE}, {TWO}] [end] {{}}",
        f'{{"pairs": [{ONE}, {TWO}]}}',
        f'{{"note": "[none]", "pairs": [{ONE}, {TWO},]}}',
        f"[{ONE}, {TWO},]",
        f"{ONE}\n{TWO}",
        f"1. {ONE}\n2. {TWO}",
        f"```json\n[{ONE}]\n```\nand\n```json\n[{TWO}]\n```",
        f"[[{ONE}], [{TWO}]]",
        f"<think>[{TWO}] or so</think>[{ONE}, {TWO}]",
        f"So [{TWO}].</think>\n[{ONE}, {TWO}]",
        f"[{ONE}, {TWO}] <think>[{TWO}]",
        f"[{ONE} {TWO}]",
        f"[{ONE}, // the first\n{TWO} # the second\n]",
        '[{"question": "Who?", # it\'s her\n "answer": "Ada",}, ' + TWO + "]",
        "[{'question': 'Who?', 'answer': 'Ada'}, {'question': 'When?', 'answer': \"In 1999\", 'sure': True}]",
        f'[{{"Question": "Who?", " ANSWER": "Ada", "level": 3, "tags": ["a"], "note": null}}, {TWO}]',
        f"\ufeff[{ONE},\0{TWO}]",
        f"◁think▷[{TWO}]◁/think▷[{ONE}, {TWO}]",
        json.dumps(f"[{ONE}, {TWO}]"),
        f"<|channel|>analysis<|message|>[{TWO}]<|end|><|start|>assistant<|channel|>final<|message|>[{ONE}, {TWO}]<|return|>",
        "[{“question”: “Who?”, “answer”: “Ada”}, " + TWO + "]",
        '[{"question": "Who?\\u0000", "answer": "A\\u0007da"}, ' + TWO + "]",
    ],
)
def test_pairs_are_read_whatever_stands_around_them(text):
    assert found(text) == (BOTH, "")


@pytest.mark.parametrize(
    ("answer", "read_as"),
    [
        ('"It\\u2019s 5\\" {x} [y]"', 'It’s 5" {x} [y]'),
        ("4.10", "4.10"),
        ("-12", "-12"),
        ("true", "true"),
        ("1e3", "1e3"),
        ('"two\nlines"', "two\nlines"),
        ("'It\\'s \"so\", {he} said'", 'It\'s "so", {he} said'),
        (r'"\ud83d\ude00"', "😀"),
        ('"// no comment, # none,]"', "// no comment, # none,]"),
        (r'"\frac{1}{2}"', r"\frac{1}{2}"),
        (r'"C:\new\table"', r"C:\new\table"),
        (r'"\alpha and \d+"', r"\alpha and \d+"),
    ],
)
def test_an_answer_is_read_as_it_is_written(answer, read_as):
    for end in ("", ",", "} {"):
        assert found(f'[{{"question": "q", "answer": {answer}{end}}}]') == ([("q", read_as)], "")


def test_what_a_right_reply_quotes_of_thinking_is_no_thought():
    text = '[{"question": "What ends <think>?", "answer": "</think>"}]'
    assert found(f"Here: {text}") == ([("What ends <think>?", "</think>")], "")


@pytest.mark.parametrize(
    "rest",
    ["", ",", ", ", ", {", ', {"quest', TWO[:20].join([", ", ""]), f", {TWO[:-2]}", f", {TWO[:-1]}", ', {"answer": "the } sign'],
)
def test_of_an_array_that_was_cut_off_the_whole_pairs_are_kept(rest):
    for text in (f"[{ONE}{rest}", f'```json\n{{"pairs": [{ONE}{rest}'):
        pairs, fault = found(text, "length")
        assert (pairs, fault) == (BOTH[:1], "cut off")
    assert found(f"[{ONE}{rest}")[0] == BOTH[:1]


@pytest.mark.parametrize("text", ["", "[", "Well,", TWO[:20]])
def test_a_reply_that_was_cut_off_before_its_first_pair_says_so(text):
    assert found(text, "length") == ([], "cut off")


def test_an_array_without_its_end_was_cut_off_where_the_server_does_not_tell():
    assert found(f"[{ONE}, {TWO[:-3]}") == found(f"[{ONE},") == found(f"[{ONE}") == (BOTH[:1], "cut off")


def test_a_whole_reply_is_right_although_its_epilogue_was_cut_off():
    assert found(f"[{ONE}] I hope that", "length") == (BOTH[:1], "")


@pytest.mark.parametrize("reply", [Reply(text="<think>Hm", finish="length"), Reply(text=f"<think>[{ONE}]"), THOUGHT])
def test_a_reply_of_thinking_alone_says_so(reply):
    reading = read(reply, Pair)
    assert (reading.entries, reading.fault, reading.text) == ((), "thinking alone", "")


@pytest.mark.parametrize("text", ["I'm sorry, I can't help with that.", "抱歉，我无法提供帮助。"])
def test_a_refusal_is_a_fault_of_its_own(text):
    assert found(text) == ([], "refused")


def test_a_key_that_stands_twice_is_an_entry_that_can_not_be_read():
    reading = read(Reply(text=f'[{TWO}, {{"question": "q", "answer": "a", "Question": "r"}}]'), Pair)
    assert (len(reading.entries), reading.fault) == (1, "unreadable entry")
    assert "question input should be a valid string" in reading.correction


@pytest.mark.parametrize("text", ["", "I can't.", f"[{ONE}"])
def test_a_content_filter_is_a_fault_of_its_own(text):
    assert found(text, "content_filter") == (BOTH[: text.count("Who")], "content filter")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No.",
        "[",
        "[[",
        "]",
        "{",
        "[1]",
        '["q"]',
        "null",
        '{"a": 1}',
        '[{"question": "q"}]',
        '[{"question": "q", "answer": null}]',
        '[{"question": "q", "answer": ["a"]}]',
        '[{"question": "Who said "no"?", "answer": "Ada"}]',
        "What is the {question}, and what the answer?",
        f"<think>[{ONE}]</think>I can't.",
        r'[{"question": "\ud83d", "answer": "a"}]',
        "[" * 100_000,
        "[" * 100_000 + "]",
        '{"a":' * 20_000,
        "{'a\\\\" * 2_000,
    ],
    ids=range(21),
)
def test_what_holds_no_pair_is_unreadable(text):
    assert found(text) == ([], "unreadable reply")


@pytest.mark.parametrize(
    "entry", ['{"question": "q"}', '{"question": "q", "answer": null}', '{"question": "5" pipe", "answer": "a"}']
)
def test_an_entry_that_can_not_be_read_is_named_and_the_others_are_kept(entry):
    reading = read(Reply(text=f"[{ONE}, {entry}, {TWO}]"), Pair)
    assert (len(reading.entries), reading.fault) == (2, "unreadable entry")
    assert repr(entry[:60]) in reading.correction
    assert "entries that can be read: 2" in reading.correction


def statements(text: str) -> tuple[tuple[str, ...], str]:
    """The statements that are read in a text, and the fault."""
    reading = read(Reply(text=text), str)
    return reading.entries, reading.fault


@pytest.mark.parametrize(
    "text",
    [
        '["a", "it\'s"]',
        '```\n["a",\n "it\'s",]\n```',
        "['a', 'it\\'s']",
        '[1] These: ["a", "it\'s"]',
        '["a"]\n["it\'s"]',
        '{"statements": ["a", "it\'s"]}',
        'Ada\'s [Ada\'s] list: ["a", "it\'s", # two\n]',
    ],
)
def test_statements_are_read_in_arrays(text):
    assert statements(text) == (("a", "it's"), "")


@pytest.mark.parametrize("rest", ["", ",", ', "it', ', "it, ]', ", nul"])
def test_of_statements_that_were_cut_off_the_whole_ones_are_kept(rest):
    assert statements(f'["a", "b"{rest}') == (("a", "b"), "cut off")


@pytest.mark.parametrize("text", ["", "[1]", "[null]", '"a"', '{"a": "b"}', '["a" "b"]', '[["a" "b"]]', '["It"s", "b"]'])
def test_what_holds_no_statement_is_unreadable(text):
    assert statements(text) == ((), "unreadable reply")


def test_an_empty_array_is_no_fault():
    assert statements("Nothing: []") == ((), "")


@pytest.mark.parametrize(
    ("text", "numbers", "fault"),
    [
        ("[1, 3]", (1, 3), ""),
        ("Those:\n```\n[1, 3,]\n```", (1, 3), ""),
        ("[]", (), ""),
        ("[1, 3, 1", (1, 3), "cut off"),
        ("[2] Those are: [1, 3]", (), "unreadable reply"),
        ("[true, false]", (), "unreadable reply"),
        ('["1", "#3", "4."]', (1, 3, 4), ""),
        ('{"numbers": [1.0, 3]}', (1, 3), ""),
        ('["one"]', (), "unreadable reply"),
        ("[1.5]", (), "unreadable reply"),
        ("[0, 1]", (), "number beyond the list"),
        ("[1, 10]", (), "number beyond the list"),
        ("[9]", (9,), ""),
    ],
)
def test_numbers_are_those_of_one_array_and_none_that_may_have_lost_a_digit(text, numbers, fault):
    reading = read(Reply(text=text), int, most=9)
    assert (reading.entries, reading.fault) == (numbers, fault)


def test_no_reply_of_the_shipped_teacher_has_to_be_asked_for_again():
    lines = [line for file in (SPORTS / "recorded").glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
    replies = [json.loads(line)["reply"] for line in lines]
    for reply in replies:
        written_there = json.loads(reply)
        kind = next((kind for kind in (str, int) if written_there and isinstance(written_there[0], kind)), Pair)
        reading = read(Reply(text=reply), kind)
        assert (len(reading.entries), reading.fault) == (len(written_there), "")
    assert replies


# Without control characters, which no label shows, and without $, which makes a formula of what follows.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="$", include_characters="\n\t"), min_size=1, max_size=12
)
many = st.lists(st.tuples(words, words), min_size=1, max_size=4)


def written(pairs: list[tuple[str, str]]) -> str:
    """A right reply that holds these pairs."""
    return json.dumps([{"question": question, "answer": answer} for question, answer in pairs])


@given(many)
@settings(max_examples=60, deadline=None)
def test_a_right_reply_is_read_word_for_word(pairs):
    assert found(f"```json\n{written(pairs)}\n```") == (pairs, "")


@given(many, st.integers(1, 10**6))
@settings(max_examples=150, deadline=None)
def test_a_right_reply_that_was_cut_anywhere_gives_its_first_pairs_and_no_other(pairs, place):
    whole = written(pairs)
    left, _ = found(whole[: place % len(whole)])
    assert left == pairs[: len(left)]


piece = st.sampled_from(
    [*"[]{}\"'\\,:#/\n\0 ", ONE, TWO, ONE[:15], "<think>", "</think>", "```", "null", "\\ud83d", "\ud83d", "é"]
)


@given(st.lists(piece, max_size=25).map("".join), st.sampled_from([Pair, str, int]))
@settings(max_examples=300, deadline=None)
def test_whatever_is_said_nothing_is_read_that_does_not_stand_there(text, kind):
    for entry in read(Reply(text=text), kind).entries:
        assert not isinstance(entry, Pair) or (entry.question, entry.answer) in BOTH


@pytest.mark.parametrize("number", ["true", "1.5", '"first"'])
def test_a_number_that_is_none_is_not_called_beyond_the_list(number: str) -> None:
    reply = Reply(text=f'[{{"fact": {number}, "question": "q?", "answer": "a"}}]')
    assert read(reply, FactPair, 3).fault == "no number of a fact"
