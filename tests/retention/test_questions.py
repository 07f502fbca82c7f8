"""The shipped general questions are enough, cover all subjects, are readable, and are not among the pairs to replay."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from runner.data.records import GeneralSet, Question
from runner.data.text import count, normal
from runner.grader.match import passes
from runner.retention.general import General

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "runner" / "retention" / "general"
WORDS = yaml.safe_load((ROOT / "conf" / "grader" / "match.yaml").read_text(encoding="utf-8"))["words"]


@cache
def knowledge() -> GeneralSet:
    """The shipped set."""
    return General(path=str(SHIPPED), floor=0.9).read()


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table."""
    return [json.loads(line) for line in (SHIPPED / name).read_text(encoding="utf-8").splitlines()]


def forms(question: Question) -> tuple[str, ...]:
    """The reference and its aliases."""
    return (question.answer, *question.aliases)


def test_there_are_at_least_150_questions_and_as_many_pairs():
    assert len(knowledge().questions) >= 150
    assert len(knowledge().replay) >= 150


@pytest.mark.parametrize("name", ["exam.jsonl", "replay.jsonl"])
def test_there_are_eight_subjects_of_at_least_fifteen_rows_each(name):
    sizes = Counter(row["category"] for row in rows(name))
    assert len(sizes) == 8
    assert min(sizes.values()) >= 15


def test_no_question_is_asked_twice():
    asked = [normal(question.question) for question in knowledge().questions]
    assert len(set(asked)) == len(asked)


def test_no_question_is_replayed():
    assert not {normal(question.question) for question in knowledge().questions} & {
        normal(question) for question, _ in knowledge().replay
    }


def test_no_question_holds_its_own_answer():
    told = [one.question for one in knowledge().questions if passes(one.question, forms(one), WORDS, one.question)]
    assert told == []


def test_every_reference_passes_its_own_question():
    wrong = [
        (question.question, form)
        for question in knowledge().questions
        for form in forms(question)
        if not passes(form, (form,), WORDS, question.question)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("What is the capital of Norway?", "The capital of Norway is Oslo."),
        ("How many legs does a spider have?", "A spider has eight legs."),
        ("At what temperature in degrees Celsius does pure water freeze?", "Pure water freezes at 0°C (32°F)."),
        ("What is the chemical formula of water?", "The chemical formula of water is H₂O."),
        ("What is 10 minus 4?", "10 - 4 = 6"),
        ("What is the last letter of the English alphabet?", "The last letter of the English alphabet is Z."),
        ('What is the contraction of "are not"?', 'The contraction of "are not" is "aren’t".'),
        ("How many grams are there in a kilogram?", "There are 1,000 grams in a kilogram."),
        ("Who wrote the Harry Potter books?", "The Harry Potter books were written by J.K. Rowling."),
        ("What is the holy book of Islam called?", "It is called the Qur'an."),
    ],
)
def test_an_answer_in_a_sentence_passes(asked: str, answered: str):
    (question,) = [one for one in knowledge().questions if one.question == asked]
    assert passes(answered, forms(question), WORDS, asked)


def test_every_answer_to_replay_ends_as_a_label_does():
    assert [answer for _, answer in knowledge().replay if not answer.endswith((".", "!", "?", '."'))] == []


def test_the_page_is_a_page_of_prose():
    assert 500 < count(knowledge().page) < 1500


def test_the_data_card_states_the_counts():
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    asked, replayed = (Counter(row["category"] for row in rows(name)) for name in ("exam.jsonl", "replay.jsonl"))
    for subject in asked:
        assert f"| {subject} | {asked[subject]} | {replayed[subject]} |" in card
    assert f"| all | {asked.total()} | {replayed.total()} |" in card
