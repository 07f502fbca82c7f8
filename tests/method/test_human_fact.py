"""People's labels and fact labels together: none is lost, and none is asked twice."""

import json
from collections import Counter

import pytest

from runner.data.records import Material, Prompt
from runner.errors import Fault
from runner.method.human_fact import HumanFact
from tests.given import Scripted, label, said, section, study

SECTION = section("Rule 1. Rule 2.")


def method() -> HumanFact:
    """The shipped method."""
    return study("method=human+fact", "method.fact.pairs=1", "method.fact.together=1").method


def reply(prompt: Prompt) -> str:
    """Two facts, and the question on each of them."""
    text = said(prompt)
    if "Reply with a JSON array of strings" in text:
        return json.dumps(["Rule 1 holds.", "Rule 2 holds."])
    number = 1 if "Rule 1 holds." in text else 2
    return json.dumps([{"question": f"Does rule {number} hold?", "answer": "It does."}])


def test_labels_of_people_and_of_facts_are_joined():
    people = (label("Who rules?"), label("Who else rules?"))
    labelling = method().label(Material(sections=(SECTION,), questions=(), labels=people), Scripted(reply), 1)
    assert Counter(one.method for one in labelling.labels) == {"human": 2, "fact": 2}
    # One section with two labels by people, and two facts.
    assert (labelling.short, labelling.units) == (0, 3)
    assert [one.question for one in labelling.labels if one.position < 1].count("Who else rules?") == 0


def test_what_a_person_asked_is_not_asked_by_the_teacher_too():
    people = (label("does  rule 1 hold?", answer="Yes, it does."),)
    labelling = method().label(Material(sections=(SECTION,), questions=(), labels=people), Scripted(reply), 1)
    assert [(one.method, one.answer) for one in labelling.labels] == [("human", "Yes, it does."), ("fact", "It does.")]
    assert labelling.ledgers[-1].filtered == {"asked by people": 1}


def test_without_labels_by_people_the_teacher_is_not_asked():
    teacher = Scripted(reply)
    with pytest.raises(Fault, match=r"needs the corpus to hold labels\.jsonl"):
        method().label(Material(sections=(SECTION,), questions=()), teacher, 1)
    assert teacher.asked == []
