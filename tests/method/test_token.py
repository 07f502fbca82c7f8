"""Token labels: pairs on a section until they have k times its tokens, with a person's label as the example."""

import json
import re
from dataclasses import replace

import pytest

from runner.data.records import Label, Labelling, Material, Prompt
from runner.data.text import count
from runner.method.token import Token
from runner.store.local import LocalStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, label, said, section

PROMPT = "{title}|{heading}|{text}|{example}|{pairs}|{earlier}|{other}"
SECTIONS = (
    section("Ada won the cup in the last minute.", heading="Overview"),
    section("Bea scored."),
    section("Cleo kept goal.", document="other.md", heading="Overview"),
)


def method(**settings: object) -> Token:
    """The method, asking for one pair at a time."""
    return Token(**{"prompt": PROMPT, "example": "Q: example\nA: yes", "pairs": 1, **settings})


def fresh(prompt: Prompt) -> str:
    """A pair that the request does not hold yet."""
    number, about = said(prompt).count("- Question"), said(prompt).split("|")[2]
    return json.dumps([{"question": f"Question {number} on {about}", "answer": "Yes."}])


def material(*labels: Label, sections: tuple = SECTIONS) -> Material:
    """A corpus of these labels."""
    return Material(sections=sections, questions=(), labels=labels)


def tokens(labelling: Labelling, of: str) -> int:
    """The tokens of a section's labels."""
    return sum(count(one.question) + count(one.answer) for one in labelling.labels if one.section == of)


@pytest.mark.parametrize("scale", [1, 5])
def test_the_labels_of_a_section_reach_its_tokens_times_the_scale(scale):
    labelling = method().label(material(), Scripted(fresh), scale)
    for one in SECTIONS:
        longest = max(count(own.question) + count(own.answer) for own in labelling.labels)
        assert scale * count(one.text) <= tokens(labelling, one.id) < scale * count(one.text) + longest


def test_a_smaller_size_is_a_prefix_of_a_larger_one_section_by_section():
    small, large = (method().label(material(), Scripted(fresh), scale).labels for scale in (1, 5))
    for one in SECTIONS:
        own = [of for of in small if of.section == one.id]
        assert own
        assert own == [of for of in large if of.section == one.id][: len(own)]


def test_a_label_says_where_it_comes_from():
    first = method().label(material(), Scripted(fresh, name="teacher"), 1).labels[0]
    assert (first.method, first.origin, first.section, first.category) == ("token", "teacher", "cup.md#Overview", "cup")


def test_the_example_given_back_is_no_label():
    reply = json.dumps([{"question": "Example?", "answer": "Yes."}])
    own = label("Who is shown?", answer="Ada.", category="cup")
    examples = [reply, reply.replace("Example?", "who is shown")]
    for given, labels in zip(examples, ([], [replace(own, section="cup.md#Overview")]), strict=True):
        labelling = method().label(material(*labels), Scripted(lambda prompt, given=given: given), 1)
        assert labelling.labels == ()
        assert labelling.ledgers[0].filtered == {"duplicate": 9}


def test_the_position_is_the_share_of_the_section_that_stands_before():
    labels = [one for one in method().label(material(), Scripted(fresh), 5).labels if one.section == "cup.md#Final"]
    taken = (count(labels[0].question) + count(labels[0].answer)) / count("Bea scored.")
    assert [one.position for one in labels[:2]] == pytest.approx([0, taken])


def test_a_persons_label_on_the_overview_seeds_every_section_of_its_document():
    teacher = Scripted(fresh)
    method().label(material(label("Seed?", answer="Yes.", section="cup.md#Overview")), teacher, 0.1)
    assert [said(asked).split("|")[3] for asked in teacher.asked] == ["Q: Seed?\nA: Yes."] * 2 + ["Q: example\nA: yes"]


def test_the_first_of_several_labels_is_the_seed():
    teacher = Scripted(fresh)
    seeds = (label("First?", section="cup.md#Overview"), label("Second?", section="cup.md#Overview"))
    method().label(material(*seeds), teacher, 0.1)
    assert "First?" in said(teacher.asked[0])
    assert "Second?" not in said(teacher.asked[0])


def test_a_label_on_a_later_section_is_no_seed():
    teacher = Scripted(fresh)
    method().label(material(label("Seed?", section="cup.md#Final")), teacher, 0.1)
    assert "Seed?" not in "".join(said(asked) for asked in teacher.asked)


def test_braces_in_a_document_survive_the_template():
    teacher = Scripted(fresh)
    code = section("fn main() { {earlier} {title} }")
    method().label(material(sections=(code,)), teacher, 0.1)
    assert said(teacher.asked[0]) == f"The Cup|Final|{code.text}|Q: example\nA: yes|1|(none yet)|{{other}}"


def test_questions_that_were_written_are_shown_to_the_teacher():
    teacher = Scripted(fresh)
    method().label(material(sections=SECTIONS[:1]), teacher, 3)
    assert "- Question 0 on Ada won" in said(teacher.asked[1])


def test_a_larger_scale_asks_only_for_the_rest_where_replies_are_remembered(tmp_path):
    first, second, whole = Scripted(fresh), Scripted(fresh), Scripted(fresh)
    method().label(material(), CachedModel(first, LocalStore(tmp_path).replies), 2)
    method().label(material(), CachedModel(second, LocalStore(tmp_path).replies), 6)
    method().label(material(), whole, 6)
    assert first.asked
    assert sorted(map(said, first.asked + second.asked)) == sorted(map(said, whole.asked))


@pytest.mark.parametrize("rubbish", ["", "No idea.", "[[", '{"question": "q", "reply": "a"}'])
def test_rubbish_for_everything_leaves_no_label_and_the_ledger_says_so(rubbish):
    labelling = method(pairs=4).label(material(), Scripted(lambda prompt: rubbish), 5)
    (ledger,) = labelling.ledgers
    assert labelling.labels == ()
    assert (labelling.short, labelling.units) == (3, 3)
    assert (ledger.requested, ledger.failed) == (36, {"unreadable reply": 36})


def test_a_long_answer_is_dropped_and_counted():
    teacher = Scripted(lambda prompt: json.dumps([{"question": said(prompt)[:30], "answer": "x" * 11}]))
    labelling = method(longest=10).label(material(), teacher, 1)
    assert labelling.labels == ()
    assert labelling.ledgers[0].filtered == {"over-long": 9}


def test_the_round_is_the_number_of_times_that_was_asked_before():
    labels = method().label(material(sections=SECTIONS[:1]), Scripted(fresh), 3).labels
    assert [one.round for one in labels] == list(range(len(labels)))
    assert re.match("Question 1", labels[1].question)


def test_a_text_of_people_is_no_example_of_a_pair():
    teacher = Scripted(fresh)
    texts = [
        label("", answer="A whole text.", section="cup.md#Overview"),
        label("Seed?", answer="Yes.", section="cup.md#Overview"),
    ]
    method().label(material(*texts), teacher, 0.1)
    assert said(teacher.asked[0]).split("|")[3] == "Q: Seed?\nA: Yes."
