"""Sections are labels as they stand: no question, no teacher."""

from dataclasses import replace

from runner.data.records import Material
from runner.data.text import count
from runner.method.passage import Passages
from tests.given import Scripted, section

MATERIAL = Material(sections=(section("Ada won."), section("Bea scored.", heading="Goals")), questions=())


def test_each_section_is_a_label_with_its_headings():
    labelling = Passages().label(MATERIAL, Scripted(str), 1)
    first = labelling.labels[0]
    assert (first.question, first.answer) == ("", f"{MATERIAL.sections[0].title}: Final\n\nAda won.")
    assert [label.section for label in labelling.labels] == [section.id for section in MATERIAL.sections]


def test_a_smaller_size_is_a_prefix_of_a_larger_one():
    once, thrice = (Passages().label(MATERIAL, Scripted(str), scale).labels for scale in (1, 2.5))
    assert thrice[:2] == once
    assert [label.position for label in thrice] == [0, 0, 1, 1, 2, 2]


def test_a_long_section_is_split():
    material = replace(MATERIAL, sections=(section("The pin is an input. " * 50),))
    texts = [label.answer.partition("\n\n")[2] for label in Passages(longest=60).label(material, Scripted(str), 1).labels]
    assert len(texts) == 5
    assert max(map(count, texts)) <= 60
