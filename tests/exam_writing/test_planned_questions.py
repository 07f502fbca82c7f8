"""Stand-ins have the number, facts and categories of an exam that is yet to be written."""

from collections import Counter

from runner.exam_writing.planned_questions import planned_questions
from tests.exam_writing.given import MATERIAL


def test_no_more_facts_are_supposed_than_the_documents_have_sentences_about() -> None:
    assert len({question.fact for question in planned_questions(MATERIAL, 1000, 3, 0)}) == 5


def test_more_facts_than_sections_go_round_the_sections() -> None:
    planned = planned_questions(MATERIAL, 4, 2, 0)
    assert len({question.id for question in planned}) == 8
    assert sorted(Counter(question.section for question in planned).values()) == [2, 2, 4]
    assert {len([each for each in planned if each.fact == question.fact]) for question in planned} == {2}
