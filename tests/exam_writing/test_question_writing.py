"""A fact gets as many questions as were asked for, of those that pass; the tally adds up."""

import json

from runner.data.records import AtomicFact
from runner.exam_writing.question_writing import QuestionWriting
from tests.exam_writing.given import MATERIAL, written
from tests.examiner import wrote
from tests.given import Scripted, said

FACTS = [
    AtomicFact(section="bowl.md#Bowl", text="The bowl is made of tin", category="cup"),
    AtomicFact(section="league.md#Start", text="The league began in May", category="league"),
]
SECTIONS = {section.id: section for section in MATERIAL.sections}


def test_each_fact_has_its_questions_and_a_fact_may_have_none() -> None:
    def reply(text: str) -> str:
        return "[]" if "one fact" in text[:60] and "league" in text else wrote(text)

    model = Scripted(lambda prompt: reply(said(prompt)))
    writing = QuestionWriting(written(questions=2, spare=1).settings, SECTIONS, (), "Know.", model)
    bowl, league = writing.write(FACTS)
    assert ([question.answer for question in bowl], league) == (["tin", "tin"], [])
    ledger = writing.tally.close()
    assert (ledger.requested, ledger.kept, ledger.filtered, ledger.failed) == (6, 2, {"spare": 1}, {"fewer than asked for": 3})


def test_no_question_is_asked_twice_in_later_requests_either() -> None:
    model = Scripted(lambda prompt: wrote(said(prompt)))
    writing = QuestionWriting(written(questions=1, spare=0).settings, SECTIONS, (), "Know.", model)
    assert [len(group) for _ in range(2) for group in writing.write(FACTS[:1])] == [1, 0]
    assert writing.tally.filtered["duplicate"] == 1


def test_the_purpose_and_the_fact_stand_in_the_request() -> None:
    model = Scripted(lambda prompt: json.dumps([]))
    QuestionWriting(written().settings, SECTIONS, (), "Know the bowl.", model).write(FACTS[:1])
    assert "for this purpose: Know the bowl." in said(model.asked[0])
    assert said(model.asked[0]).endswith("Fact: The bowl is made of tin\n")
