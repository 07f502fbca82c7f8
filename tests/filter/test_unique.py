"""Of labels that ask nearly the same of a section, the first is kept."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from runner.component import identity
from runner.filter.likeness import MANY
from runner.filter.unique import Unique
from tests import given

FIRST = given.label("Who won the final in Oslo?", answer="Ada Lund.")


def kept(*labels) -> list[str]:
    return [label.answer for label in Unique(likeness=0.8).apply(labels, []).labels]


def test_a_question_in_nearly_the_same_words_with_the_same_answer_is_dropped() -> None:
    result = Unique(likeness=0.8).apply([FIRST, given.label("In Oslo, who won the final?", answer="Ada.")], [])
    assert result.labels == (FIRST,)
    assert [(each.extra["reason"], each.extra["detail"]) for each in result.dropped] == [
        ("asked before", "like 'Who won the final in Oslo?'")
    ]


def test_another_answer_another_section_or_other_words_are_kept() -> None:
    assert kept(FIRST, given.label("Who won the final in Oslo?", answer="Bea.")) == ["Ada Lund.", "Bea."]
    assert kept(FIRST, given.label("Who won the final in Oslo?", answer="Ada.", section="cup.md#Other")) == ["Ada Lund.", "Ada."]
    assert kept(FIRST, given.label("Whose was the gold medal?", answer="Ada.")) == ["Ada Lund.", "Ada."]


def test_texts_are_compared_themselves() -> None:
    assert kept(given.label("", answer="Ada won in Oslo."), given.label("", answer="Ada won in Oslo!")) == ["Ada won in Oslo."]


def test_a_label_is_compared_with_those_that_are_kept_alone() -> None:
    assert kept(*[given.label(f"Who won the final in Oslo{mark}", answer="Ada.") for mark in ("?", "!", ".")]) == ["Ada."]


def test_without_labels_there_is_nothing_to_do() -> None:
    assert kept() == []


def test_a_likeness_beyond_1_is_refused() -> None:
    with pytest.raises(ValidationError, match="likeness"):
        Unique(likeness=1.5)
    with pytest.raises(ValidationError, match="meaning"):
        Unique(likeness=0.9, meaning=1.5)


def test_rephrased_questions_are_dropped_where_the_meaning_counts() -> None:
    again = given.label("Who was the winner of Oslo's final?", answer="Ada Lund.")
    labels = [FIRST, again, given.label("Which arbiter serves the mesh of the chip?", answer="Ada.")]
    assert Unique(likeness=0.95).apply(labels, []).dropped == ()
    result = Unique(likeness=0.95, meaning=0.8).apply([*labels, FIRST], [])
    assert result.labels == (FIRST, labels[2])
    assert [(each.question, each.extra["reason"], each.extra["detail"]) for each in result.dropped] == [
        (again.question, "asked before in other words", "like 'Who won the final in Oslo?'"),
        (FIRST.question, "asked before", "like 'Who won the final in Oslo?'"),
    ]


def test_a_rephrased_question_with_another_answer_or_of_another_section_is_kept() -> None:
    again = given.label("Who was the winner of Oslo's final?", answer="Ada Lund.")
    labels = [FIRST, replace(again, answer="Bea."), replace(again, section="cup.md#Other")]
    assert Unique(likeness=0.95, meaning=0.8).apply(labels, []).dropped == ()


def test_labels_that_were_filtered_by_words_alone_are_found_again() -> None:
    assert "meaning" not in identity(Unique(likeness=0.9))
    assert identity(Unique(likeness=0.9, meaning=0.9))["meaning"] == 0.9


@pytest.mark.slow
def test_a_section_of_thousands_of_labels_keeps_the_same_ones_by_hashing() -> None:
    questions = [f"Which of the words {number} and {number * 7919 % 10007} did Ada Lund say in Oslo?" for number in range(MANY)]
    twice = [given.label(question, answer=str(place)) for place, question in enumerate(questions)]
    twice += [given.label(f"{question[:-1]}, then?", answer=str(place)) for place, question in enumerate(questions[:200])]
    # The same labels in two sections are compared pair by pair.
    parts = [replace(label, section=f"{place % 2}") for place, label in enumerate(twice)]
    one, two = Unique(likeness=0.93).apply(twice, []), Unique(likeness=0.93).apply(parts, [])
    assert {label.question for label in one.dropped} == {label.question for label in two.dropped}
    assert len(one.dropped) == 200
