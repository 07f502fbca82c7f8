"""Errors are put into as many labels as asked for, and no label is dropped."""

import pytest
from pydantic import ValidationError

from runner.filter.corrupt import Corrupt
from tests import given

LABELS = [
    given.label("How deep is A?", answer="It holds 4 words."),
    given.label("How deep is B?", answer="It holds 9 words."),
    given.label("Who built A?", answer="It was Ada Lund."),
    given.label("Who built B?", answer="It was Bea."),
    given.label("Is it blue?", answer="no"),
]


def changed(rate: float, seed: int = 0) -> list[int]:
    """The places of labels with an error."""
    labels = Corrupt(rate=rate, seed=seed).apply(LABELS, []).labels
    return [place for place, label in enumerate(labels) if label.answer != LABELS[place].answer]


def test_so_many_labels_are_changed_and_a_higher_rate_holds_those_of_a_lower_one() -> None:
    assert [len(changed(rate)) for rate in (0, 0.4, 1)] == [0, 2, 5]
    assert {*changed(0.2)} < {*changed(0.4)} < {*changed(0.8)}


def test_numbers_and_names_are_those_of_other_answers_and_else_the_answer_is_another() -> None:
    result = Corrupt(rate=1, seed=0).apply(LABELS, [])
    assert [label.answer for label in result.labels[:4]] == [
        "It holds 9 words.",
        "It holds 4 words.",
        "It was Bea.",
        "It was Ada Lund.",
    ]
    assert result.labels[4].answer in {label.answer for label in LABELS[:4]}
    assert [label.extra["error"] for label in result.labels] == ["number", "number", "name", "name", "answer"]
    assert result.dropped == ()


def test_errors_are_those_of_the_seed() -> None:
    assert changed(0.4, seed=1) == changed(0.4, seed=1)
    assert len({tuple(changed(0.4, seed=seed)) for seed in range(8)}) > 1


def test_a_category_of_one_answer_has_no_wrong_one_to_give() -> None:
    alone = given.label(answer="Ada.", category="alone")
    assert Corrupt(rate=1, seed=0).apply([alone], []).labels == (alone,)


def test_a_rate_beyond_1_is_refused() -> None:
    with pytest.raises(ValidationError, match="rate"):
        Corrupt(rate=2, seed=0)
