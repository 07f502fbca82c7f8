"""A question in nearly the words of a label's question is found."""

from runner.exam_writing.label_leaks import like_a_label
from tests.given import label, question


def test_only_the_question_that_a_label_nearly_asks_is_found() -> None:
    asked = [question("q1", question="Who won the cup in 2031?"), question("q2", question="Where was the final held?")]
    assert like_a_label(asked, [label("Who won the cup, in 2031?")], 0.9) == {"q1"}
    assert like_a_label(asked, [], 0.9) == set()
