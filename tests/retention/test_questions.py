"""The shipped general questions are enough, cover all subjects, are readable, and are not among the pairs to replay."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner.data.general_set import GeneralSet
from runner.data.records import Question
from runner.data.text import count, normal
from runner.exam_checks.near_duplicates import nearest
from runner.grader.match import passes
from runner.retention.general import General
from tests.given import label

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "runner" / "retention" / "general"
TABLES = ("exam.jsonl", "instructions.jsonl", "passages.jsonl")


def setting(name: str) -> dict[str, Any]:
    """The settings of a choice as shipped."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "conf" / f"{name}.yaml").read_text(encoding="utf-8"))
    return settings


WORDS = setting("grader/match")["words"]
PROMPT = setting("retention/general")["prompt"]


@cache
def knowledge() -> GeneralSet:
    """The shipped set."""
    return General(path=str(SHIPPED), prompt=PROMPT, floor=0.9).read()


def matched() -> list[Question]:
    """The questions that a grader grades by their reference."""
    return [question for question in knowledge().questions if not question.rules]


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a shipped table."""
    return [json.loads(line) for line in (SHIPPED / name).read_text(encoding="utf-8").splitlines()]


def forms(question: Question) -> tuple[str, ...]:
    """The reference and its aliases."""
    return (question.answer, *question.aliases)


def test_there_are_at_least_300_questions_of_three_kinds_and_150_pairs():
    kinds = Counter(question.kind for question in knowledge().questions)
    assert kinds.total() >= 300
    assert kinds["knowledge"] >= 200
    assert (50 <= kinds["instructions"] <= 60, 50 <= kinds["passages"] <= 60) == (True, True)
    assert len(knowledge().replay) >= 150


@pytest.mark.parametrize("name", ["exam.jsonl", "replay.jsonl"])
def test_there_are_eight_subjects_of_at_least_fifteen_rows_each(name):
    sizes = Counter(row["category"] for row in rows(name))
    assert len(sizes) == 8
    assert min(sizes.values()) >= 15


def test_no_question_is_asked_twice():
    asked = [normal(question.question) for question in knowledge().questions]
    assert len(set(asked)) == len(asked)


def test_no_question_is_replayed_in_almost_the_same_words():
    # By the check that finds exam questions which resemble a label, at the similarity that it is shipped with.
    pairs = [label(question, answer=answer) for question, answer in knowledge().replay]
    assert nearest(pairs, knowledge().questions, setting("config")["near"]) == []


def test_pairs_to_replay_are_of_the_kind_of_knowledge_alone():
    subjects = {row["category"] for row in rows("exam.jsonl")}
    assert {row["category"] for row in rows("replay.jsonl")} == subjects
    assert {row["category"] for name in TABLES[1:] for row in rows(name)} & subjects == set()


def test_a_passage_is_put_as_retrieval_puts_it():
    rag = setting("baseline/rag")["rag"]["prompt"]
    assert rag.replace("{passages}", "{passage}") == PROMPT


def test_a_passage_holds_the_answer_and_its_question_does_not():
    readings = [(row["passage"], (row["answer"], *row.get("aliases", []))) for row in rows("passages.jsonl")]
    assert [passage for passage, answers in readings if not any(normal(each) in normal(passage) for each in answers)] == []


def test_no_question_holds_its_own_answer():
    told = [one.question for one in matched() if passes(one.question, forms(one), WORDS, one.question)]
    assert told == []


def test_every_reference_passes_its_own_question():
    wrong = [
        (question.question, form)
        for question in matched()
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
    for name in TABLES[1:]:
        for category, number in Counter(row["category"] for row in rows(name)).items():
            assert f"| {category} | {number} |" in card
    assert f"{sum(len(rows(name)) for name in TABLES)} general questions" in card
