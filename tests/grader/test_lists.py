"""An answer that only lists things claims none."""

import pytest

from runner.grader.lists import only_lists, repeats_choice
from runner.grader.questions import asked
from runner.grader.reading import read


@pytest.mark.parametrize(
    ("answer", "question", "listed"),
    [
        ("Russia, Qatar, Brazil, Spain", "", True),
        ("* Russia\n* Qatar\n* Brazil\n* Spain", "", True),
        ("Russia, Qatar, Brazil", "", False),
        ("It was Russia that won ahead of the teams of Qatar, Brazil, Spain", "", False),
        ("Russia, Qatar, Brazil, Spain", "Which of Qatar, Brazil and Spain was it?", False),
    ],
)
def test_a_list_is_told(answer: str, question: str, listed: bool) -> None:
    assert only_lists(read(answer), [read("Russia").terms], (), asked(question)) is listed


def test_the_choice_of_a_question_is_no_answer() -> None:
    question = asked("Which of Spain, Italy and France is it?")
    wanted = read("France").terms
    assert repeats_choice(read("Spain, Italy and France"), wanted, question)
    assert not repeats_choice(read("Of Spain, Italy and France it is France"), wanted, question)
