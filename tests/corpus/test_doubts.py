"""Answers that no section states and categories with one question are noted; the shipped corpora give no note."""

from pathlib import Path

import pytest

import runner
from runner.corpus.doubts import Stated, answers_not_stated, single_categories
from runner.corpus.folder import Folder
from tests.given import section

TEXT = section("The delay is 19 ms at 3.3 volts. Ada of Oslo designed it in two years.")


def noted(*answers: str, where: str = TEXT.id) -> bool:
    return bool(list(answers_not_stated([Stated("exam.jsonl:1", answers, where)], [TEXT, section("18 ms", heading="Other")])))


@pytest.mark.parametrize("answer", ["18 ms", "It takes 18 ms, as always, on average.", "Bob", "Ada of Bergen"])
def test_a_figure_or_a_short_answer_that_the_section_does_not_state_is_noted(answer: str) -> None:
    assert noted(answer)


@pytest.mark.parametrize(
    "answer", ["19 ms", "nineteen ms", "Ada", "the Oslo", "2 years", "Yes", "The person who designed it lives in the capital."]
)
def test_stated_and_paraphrased_answers_are_not_noted(answer: str) -> None:
    assert not noted(answer)


def test_an_alias_that_is_stated_is_enough_and_without_a_section_any_will_do() -> None:
    assert not noted("Bob", "Ada")
    assert not noted("18 ms", where="")
    assert noted("17 ms", where="")


def test_the_note_counts_and_names_the_first_lines() -> None:
    rows = [Stated(f"exam.jsonl:{number}", [f"{number} kg"], TEXT.id) for number in range(4, 9)]
    (note,) = answers_not_stated([*rows, Stated("exam.jsonl:9", ["Ada"], TEXT.id)], [TEXT])
    assert note.startswith("5 of 6 answers stand nowhere in their section: exam.jsonl:4 ('4 kg'), exam.jsonl:5 ('5 kg')")
    assert "and 2 more. If a document was changed" in note


def test_a_category_with_one_question_is_noted_with_the_one_that_was_meant() -> None:
    (note,) = single_categories(["Timing", "Timing", "Power", "Power", "Timming", "Clock"])
    assert note.endswith("'Clock', 'Timming' (did you mean 'Timing'?)")
    assert list(single_categories(["Timing", "Power"])) == []


@pytest.mark.parametrize("choice", [{}, {"documents": ("cricket-world-cup-2023",), "sections": 3}])
def test_the_shipped_corpora_give_no_note(choice: dict[str, object]) -> None:
    assert Folder(path=str(Path(runner.__file__).parent / "corpus" / "sports"), **choice).read().notes == ()
