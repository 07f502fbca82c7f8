"""Stand-ins have the number, facts and categories of an exam that is yet to be written."""

from collections import Counter

from runner.exam_writing.planned_questions import planned_questions
from tests.exam_writing.given import MATERIAL


def test_more_facts_than_sections_go_round_the_sections() -> None:
    planned = planned_questions(MATERIAL, 6, 2, 0)
    assert len({question.id for question in planned}) == 12
    assert Counter(question.section for question in planned) == {section.id: 4 for section in MATERIAL.sections}
    assert {len([each for each in planned if each.fact == question.fact]) for question in planned} == {2}
