"""The edition of a question's fact: those of today and withdrawn ones are told apart."""

import pytest

from runner.data.editions import apart, check_edition
from runner.data.records import Question


def question(name: str, **extra: str) -> Question:
    """A question with further columns."""
    return Question(id=name, question=f"{name}?", answer="x", category="a", extra=extra)


def test_questions_about_withdrawn_facts_are_set_apart():
    old, new, gone = question("a"), question("b", edition="new"), question("c", edition="withdrawn")
    assert apart([old, gone, new]) == ((old, new), (gone,))


@pytest.mark.parametrize("edition", ["old", "changed", "new", "withdrawn"])
def test_the_four_editions_are_accepted(edition):
    check_edition({"edition": edition})


def test_a_misspelt_edition_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"holds 'withdrwan'\. Expected one of old, changed, new, withdrawn"):
        check_edition({"edition": "withdrwan"})
