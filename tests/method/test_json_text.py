r"""What is nearly JSON is read, and a bare backslash of \frac, \d or C:\new stays one; correct text arrives unchanged."""

import json
from typing import Any

import pytest

from runner.method.json_text import load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2,]", [1, 2]),
        ("[1, # one\n2] // two", [1, 2]),
        ("{'a': 'it\\'s \"so\"', 'b': None}", {"a": 'it\'s "so"', "b": None}),
        ('{“a”: “says "so"”}', {"a": 'says "so"'}),
        ('{" A ": 1}', {"a": 1}),
        ('{"a": 1, "A": 2}', {"a": [1, 2]}),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_what_is_nearly_json_is_read(text: str, value: Any) -> None:
    assert load(text) == value


@pytest.mark.parametrize("text", ["", "[", '{"a": "half', '"no" end"', r'"\ud83d"', "[" * 10_000, "“a”"])
def test_what_a_person_would_have_to_complete_is_nothing(text: str) -> None:
    assert load(text) is None


@pytest.mark.parametrize(
    "words",
    [
        r"\frac{1}{2}",
        r"\alpha and \d+",
        r"\beta, \bar{x} and \bword\b",
        r"\rho and \rangle",
        r"\usepackage and \u12",
        r"(\w+)\.txt, a\_b, \(x\)",
        r"C:\new\table",
        r"in d:\temp\results now",
        r"\theta, \times and \nabla f",
        r"\text{x} and \tan{y}",
        r"$\nu$ and $\tau$",
        r"\alpha = \nu \neg \to",
    ],
)
def test_a_bare_backslash_stays_one(words: str) -> None:
    assert load(f'"{words}"') == words


@pytest.mark.parametrize(
    "words",
    [
        "one\ntwo\tthree",
        "Plan B:\nnext",
        "A:\nAda\nBea",
        "Steps:\nopen\n\tclose",
        "one\r\ntwo",
        "the $5 fee\nequals nothing",
        "\\frac{1}{2} and \\nu\nnew line",
        "C:\\new\\table\nnext",
        "\\d+\nfoo",
        "$\\nu$\nu",
        "\\\\server\\new",
        'quotes "\\" and /',
        "é\u2028😀",
    ],
)
def test_text_that_was_written_correctly_arrives_unchanged(words: str) -> None:
    assert load(json.dumps(words)) == load(json.dumps(words, ensure_ascii=False)) == words
