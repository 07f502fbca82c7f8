"""Wanted terms are found, alone and in their order."""

import pytest

from runner.grader.find import Manner, alike, places, scattered
from runner.grader.reading import read


def found(answer: str, wanted: str, manner: Manner | None = None) -> bool:
    return bool(places(read(answer), read(wanted).terms, manner or Manner()))


@pytest.mark.parametrize(("answer", "wanted"), [("BOOT00", "BOOT0"), ("WDOG_COUNT_HI", "WDOG_COUNT"), ("CTRL2", "CTRL")])
def test_a_part_of_a_longer_name_is_not_found(answer: str, wanted: str) -> None:
    assert not found(answer, wanted)


@pytest.mark.parametrize(("answer", "wanted"), [("by Lloyd12.", "Lloyd"), ("in2013after", "2013"), ("rearview", "rear view")])
def test_a_footnote_and_a_missing_space_do_not_count(answer: str, wanted: str) -> None:
    assert found(answer, wanted)


def test_versions_are_compared_as_they_are_written() -> None:
    assert found("2.10", "2.1")
    assert not found("2.10", "2.1", Manner(exact=True))


def test_a_word_may_have_only_its_own_form() -> None:
    assert found("goose", "geese")
    assert not found("goose", "geese", Manner(fixed=frozenset(["goos"])))


def test_names_have_no_forms() -> None:
    assert not alike(read("Hauge").terms[0], read("Haug").terms[0])


def test_words_in_another_order_are_found_close_together() -> None:
    wanted = read("resets the core").terms
    assert scattered(read("The core is reset."), wanted)
    assert not scattered(read("The core is not reset."), wanted)
    assert not scattered(read("It resets " + "much " * 20 + "of the core."), wanted)
    assert not scattered(read("Kane, Harry"), read("Harry Kane").terms)
    assert not scattered(read("set by software and cleared by hardware"), read("cleared by software").terms)
    assert not scattered(read("read then write"), read("write then read").terms)


def test_a_quantity_names_its_unit() -> None:
    assert alike(read("newton").terms[0], read("one newton").terms[0])
    assert alike(read("newton").terms[0], read("10 newtons").terms[0], Manner(fixed=frozenset(["unit"])))
    assert not alike(read("week").terms[0], read("741 weeks").terms[0])


def test_three_names_are_found_in_any_order() -> None:
    assert scattered(read("Wins India Freedom"), read("India Wins Freedom").terms)
