"""A reference has forms and items."""

import pytest

from runner.grader.references import forms, items, names


def written(reference: str, question: str = "") -> list[str]:
    return [" ".join(term.raw for term in form) for form in forms(reference, question)]


@pytest.mark.parametrize(
    ("reference", "question", "form"),
    [
        ("Hans (Johannes) Vik", "", "Hans Vik"),
        ("Hans (Johannes) Vik", "", "Johannes Vik"),
        ("the central arbiter (CARB)", "", "CARB"),
        ("Dr. Eva Lind", "", "Eva Lind"),
        ("Sir Arthur Penn Jr.", "", "Arthur Penn"),
        ("16 entries", "", "16"),
        ("3C", "", "0x3C"),
        ("Milan, Italy", "Where did he go?", "Milan"),
        ("Chapter XII", "Which chapter?", "XII"),
        ("Luzhniki Stadium", "Which stadium?", "Luzhniki"),
        ('Nicholas "Nick" Bakay', "", "Nicholas Bakay"),
        ("Hokey Cokey or Cokey Cokey", "", "Cokey Cokey"),
    ],
)
def test_a_reference_has_shorter_forms(reference: str, question: str, form: str) -> None:
    assert form in written(reference, question)


@pytest.mark.parametrize(
    ("reference", "question", "form"),
    [
        ("Riga (Latvia)", "", "Latvia"),
        ("Milan, Italy", "", "Milan"),
        ("question mark", "Which punctuation mark?", "question"),
        ("(0,2) and (5,2)", "", "and"),
    ],
)
def test_what_does_not_answer_is_no_form(reference: str, question: str, form: str) -> None:
    assert form not in written(reference, question)


@pytest.mark.parametrize(
    ("reference", "both"),
    [
        ("World Health Organization (WHO)", ("WHO", "World Health Organization")),
        ("WHO (World Health Organization)", ("WHO", "World Health Organization")),
        ("the network on chip (NoC)", ("NoC", "the network on chip")),
        ("Department of Energy (DE)", ("DE", "Department of Energy")),
        ("UART (universal asynchronous receiver/transmitter)", ("UART", "universal asynchronous receiver/transmitter")),
        ("Ada (2021)", ()),
        ("(0,2) and (5,2)", ()),
        ("Riga (Latvia)", ()),
        ("the central arbiter (CARB)", ()),
        ("Hans (Johannes) Vik", ()),
        ("Vitamin (V)", ()),
        ("World Health Organization (WTO)", ()),
    ],
)
def test_an_abbreviation_in_brackets_is_another_name_if_it_has_the_initials(reference: str, both: tuple[str, ...]) -> None:
    assert names(reference) == both


def test_a_list_has_items() -> None:
    assert [[term.word for term in item] for item in items("the red, white and blue")] == [["red"], ["white"], ["blue"]]
    assert items("May 18, 2018") == ()
    assert items("red") == ()
