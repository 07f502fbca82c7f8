"""Document labels: a section is rewritten k times, each time around another question."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from runner.data.records import Ledger, Material
from runner.method.document import DocumentLabels
from tests.given import Scripted, said, section, study

SECTIONS = (section("Ada won."), section("Bea scored.", heading="Goals", category="goals"))
MATERIAL = Material(sections=SECTIONS, questions=())


def method(**settings: object) -> DocumentLabels:
    """The method with a short prompt."""
    return DocumentLabels(**{"prompt": "{title}|{heading}|{text}|{purpose}|{documents}|{earlier}", **settings})


def fresh(prompt) -> str:
    """A document with a question that the request does not list yet."""
    _, heading, text, _, documents, earlier = said(prompt).split("|")
    number = earlier.count("- ")
    entries = [
        {"question": f"Q{number + more} on {heading}?", "document": f"Take {number + more}: {text}"}
        for more in range(int(documents))
    ]
    return json.dumps(entries)


def test_a_document_is_a_label_without_a_question_that_keeps_the_one_it_was_written_around():
    first, second = method().label(MATERIAL, Scripted(fresh, name="teacher"), 1).labels
    assert (first.question, first.answer, first.around) == ("", "Take 0: Ada won.", "Q0 on Final?")
    assert (second.method, second.origin, second.section, second.category) == ("document", "teacher", "cup.md#Goals", "goals")


@pytest.mark.parametrize("documents", [1, 2])
def test_a_smaller_size_is_a_prefix_of_a_larger_one_section_by_section(documents):
    small, large = (method(documents=documents).label(MATERIAL, Scripted(fresh), scale).labels for scale in (1.5, 5))
    assert [label.position for label in small] == [0, 1, 0, 1]
    for each in SECTIONS:
        assert [one for one in small if one.section == each.id] == [one for one in large if one.section == each.id][:2]


def test_the_teacher_is_shown_the_earlier_questions_and_the_purpose():
    teacher = Scripted(fresh)
    method().label(replace(MATERIAL, purpose="Know the cup."), teacher, 2)
    assert said(teacher.asked[0]) == "The Cup|Final|Ada won.|Know the cup.|1|(none yet)"
    assert said(teacher.asked[2]) == "The Cup|Final|Ada won.|Know the cup.|1|- Q0 on Final?"


def test_without_a_purpose_the_prompt_has_one_that_fits_every_document():
    teacher = Scripted(fresh)
    method().label(MATERIAL, teacher, 1)
    assert "|Know what these documents state.|" in said(teacher.asked[0])


def test_a_second_document_around_a_question_an_over_long_one_and_a_refusal_are_dropped():
    replies = iter(
        [
            '[{"question": "Who won?", "document": "Ada won the cup."}]',
            '[{"question": "who won", "document": "It was Ada."}]',
            '[{"question": "By how much?", "document": "I cannot provide that document."}]',
            json.dumps([{"question": "Where?", "document": "x" * 101}]),
        ]
    )
    material = replace(MATERIAL, sections=SECTIONS[:1])
    labelling = method(longest=100).label(material, Scripted(lambda _: next(replies)), 2)
    assert [label.answer for label in labelling.labels] == ["Ada won the cup."]
    dropped = {"duplicate": 1, "refusal": 1, "over-long": 1}
    assert labelling.ledgers == (Ledger(stage="documents", requested=4, kept=1, filtered=dropped),)
    assert (labelling.short, labelling.units) == (1, 1)


def test_an_unreadable_reply_is_answered_with_the_form_that_is_expected():
    replies = iter(["Here you are.", '```json\n[{"question": "Who won?", "document": "Ada\\nwon."}]\n```'])
    teacher = Scripted(lambda _: next(replies))
    (label,) = method().label(replace(MATERIAL, sections=SECTIONS[:1]), teacher, 1).labels
    assert label.answer == "Ada\nwon."
    assert '"question" and "document"' in said(teacher.asked[1])


def test_the_shipped_prompt_puts_what_is_common_first_and_what_changes_last():
    shipped = study("method=document").method
    teacher = Scripted(lambda prompt: json.dumps([{"question": f"Q{len(teacher.asked)}?", "document": "Ada won."}]))
    shipped.label(replace(MATERIAL, sections=SECTIONS[:1], purpose="Know the cup."), teacher, 3)
    first, second, third = (said(asked) for asked in teacher.asked)
    common = first.removesuffix("(none yet)\n")
    assert second.startswith(common)
    assert third.startswith(second.rstrip("\n"))
    assert "{" not in common


def test_a_prompt_without_a_place_for_the_section_or_the_earlier_questions_is_refused():
    for prompt, place in (("{earlier}", "{text}"), ("{text}", "{earlier}")):
        with pytest.raises(ValidationError, match=f"a place for {place}"):
            method(prompt=prompt)
