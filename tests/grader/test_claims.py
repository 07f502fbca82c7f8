"""A text claims what it has and does not deny."""

import pytest

from runner.grader.claims import Answered
from runner.grader.questions import asked
from runner.grader.reading import read


def answered(answer: str, question: str, *references: str) -> Answered:
    return Answered(read(answer), asked(question), references)


def test_what_is_there_is_claimed_unless_it_is_denied() -> None:
    wanted = read("Ada").terms
    assert answered("It was Ada.", "", "Ada").claims(wanted, False)
    assert not answered("It was not Ada.", "", "Ada").claims(wanted, False)


@pytest.mark.parametrize(("answer", "right"), [("217", True), ("217 steps", True), ("217 metres", False)])
def test_a_number_must_count_what_is_asked(answer: str, right: bool) -> None:
    assert answered(answer, "How many steps?", "217").claims(read("217").terms, False) is right


def test_a_date_must_not_contradict_a_more_exact_reference() -> None:
    wanted = read("2013").terms
    assert answered("November 27, 2013", "", "2013", "27 November 2013").claims(wanted, False)
    assert not answered("November 8, 2013", "", "2013", "27 November 2013").claims(wanted, False)


def test_a_denied_reference_is_not_looked_for_loosely() -> None:
    wanted = read("the rising edge").terms
    assert not answered("The falling edge, not the rising edge", "", "the rising edge").claims_loosely(wanted)


def test_a_reference_without_a_word_in_the_text_is_ruled_out() -> None:
    assert not answered("It was Ada.", "", "Bo").may_have("Bo")
    assert answered("It was Ada.", "", "Ada").may_have("Ada")
    assert answered("Three.", "", "3").may_have("3")
