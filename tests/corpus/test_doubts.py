"""Answers that no section states and categories with one question are noted; the shipped corpora give no note."""

from pathlib import Path

import pytest

import runner
from runner.corpus.doubts import Stated, answers_not_stated, single_categories
from runner.corpus.folder import Folder
from tests.given import section

TEXT = section(
    "The delay is 19 ms at 3.3 volts. Ada of Oslo designed it in two years. It won 4-2 on May 3, 2031. Bob slept for 7 us."
)


def noted(*answers: str, where: str = TEXT.id, figures_only: bool = False) -> bool:
    row = Stated("exam.jsonl:1", answers, where, figures_only)
    return bool(list(answers_not_stated([row], [TEXT, section("18 ms", heading="Other")])))


@pytest.mark.parametrize(
    "answer", ["18 ms", "19 us", "It takes 18 ms, as always, on average.", "Cleo", "Ada of Bergen", "Ada Bob", "4-3", "5"]
)
def test_a_figure_or_a_short_answer_that_the_section_does_not_state_is_noted(answer: str) -> None:
    assert noted(answer)


@pytest.mark.parametrize(
    "answer",
    [
        *("19 ms", "nineteen ms", "Ada", "the Oslo", "2 years", "Yes", "4-2", "4", "3 May 2031", "3.3 volt", "delays"),
        "The person who designed it lives in the capital.",
        "It took 2 years to a delay of 19 ms and a score of 4-2.",
    ],
)
def test_stated_and_paraphrased_answers_are_not_noted(answer: str) -> None:
    assert not noted(answer)


def test_an_alias_that_is_stated_is_enough_and_without_a_section_any_will_do() -> None:
    assert not noted("Cleo", "Ada")
    assert noted("Cleo", "Dan")
    assert noted("Cleo", "The person who has no name in this text.")
    assert not noted("The person who designed it in the end.", "Dan")
    assert not noted("18 ms", where="")
    assert noted("17 ms", where="")
    # A long answer may be worked out from several sections.
    assert not noted("It took 18 ms and then 19 ms, as it always does.", where="")
    assert noted("It took 18 ms and then 17 ms, as it always does.", where="")


def test_the_unit_of_an_answer_may_stand_in_the_head_of_a_table() -> None:
    rows = "".join(f"\n| VC{number} | traffic of kind {number} | {number * 4} |" for number in range(1, 9))
    table = section(f"Each channel has its own.\n| Channel | Traffic | Credits |\n|---|---|---|{rows}")
    answers = [Stated("exam.jsonl:1", [answer], table.id) for answer in ("32 credits", "33 credits", "32 flits")]
    assert [bool(list(answers_not_stated([answer], [table]))) for answer in answers] == [False, True, True]


def test_of_a_label_only_the_figures_are_looked_for() -> None:
    assert not noted("At once.", figures_only=True)
    assert noted("In 18 ms.", figures_only=True)


def test_the_note_counts_and_names_the_first_lines() -> None:
    rows = [Stated(f"exam.jsonl:{number}", [f"{number} kg"], TEXT.id) for number in range(4, 9)]
    (note,) = answers_not_stated([*rows, Stated("exam.jsonl:9", ["Ada"], TEXT.id)], [TEXT])
    assert note.startswith("5 of 6 answers stand nowhere in their section: exam.jsonl:4 ('4 kg'), exam.jsonl:5 ('5 kg')")
    assert "and 2 more. If a document was changed" in note


def test_a_category_with_one_question_is_noted_with_the_one_that_was_meant() -> None:
    (note,) = single_categories(["Timing", "Timing", "Power", "Power", "Timming", "Clock"])
    assert note.endswith("'Clock', 'Timming' (did you mean 'Timing'?)")
    assert list(single_categories(["Timing", "Power"])) == []


@pytest.mark.parametrize(
    ("category", "near"),
    [
        ("dam", "dma"),
        ("DMA", "dma"),
        ("WdogTimer", "wdogtimer"),
        ("usb", ""),
        ("spi2", ""),
        ("uatr", "uart"),
        ("timmer", "timer"),
    ],
)
def test_exchanged_letters_of_a_short_category_are_seen_and_other_short_names_are_no_neighbours(category: str, near: str) -> None:
    known = ["dma", "wdogtimer", "uart", "timer", "spi1", "usart"]
    (note,) = single_categories([*known, *known, category])
    assert note.endswith(f"{category!r} (did you mean {near!r}?)" if near else repr(category))


@pytest.mark.parametrize("choice", [{}, {"documents": ("cricket-world-cup-2023",), "sections": 3}])
def test_the_shipped_corpora_give_no_note(choice: dict[str, object]) -> None:
    assert Folder(path=str(Path(runner.__file__).parent / "corpus" / "sports"), **choice).read().notes == ()
