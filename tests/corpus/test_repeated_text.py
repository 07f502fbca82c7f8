"""Repeated paragraphs and sections are found, near ones too, and short ones are no finding."""

import pytest

from runner.corpus.repeated_text import boilerplate, similar_sections, without
from tests.given import section

LICENCE = "Licensed under the Apache License; see the file LICENSE for details."
LONG = " ".join(f"word{number}" for number in range(40))


def documents(*texts: str):
    return [section(text, document=f"{number}.md") for number, text in enumerate(texts)]


def test_a_paragraph_of_three_documents_is_boilerplate_whatever_its_line_ends():
    sections = documents(f"{LICENCE}\n\nAda won.", f"Bea lost.\n\n{LICENCE.upper()}", LICENCE.replace(" ", "\n"), "Cleo came.")
    (found,) = boilerplate(sections)
    assert (found.text, found.documents) == (LICENCE, ("0.md", "1.md", "2.md"))
    assert [part.text for part in without(sections, [found])] == ["Ada won.", "Bea lost.", "Cleo came."]


@pytest.mark.parametrize("texts", [(LICENCE, LICENCE, "Ada won."), ("Reserved.",) * 9, (f"{LICENCE}\n\n{LICENCE}\n\n{LICENCE}",)])
def test_two_documents_one_document_or_a_few_words_make_no_boilerplate(texts):
    sections = documents(*texts)
    assert boilerplate(sections) == []
    assert [*without(sections, [])] == sections


def test_of_many_documents_a_tenth_must_repeat_it():
    texts = [*[LICENCE] * 4, *(f"Document {number} is about something of its own." for number in range(40))]
    assert boilerplate(documents(*texts)) == []
    assert len(boilerplate(documents(*texts[:30]))) == 1


def test_sections_are_set_beside_the_first_that_they_repeat():
    near = LONG.replace("word20", "another")
    pairs = similar_sections(documents(LONG, "Ada won.", near, LONG.upper(), "Ada won.", LONG[:100]))
    assert [(pair.first[:4], pair.second[:4], pair.likeness) for pair in pairs] == [("0.md", "2.md", 0.85), ("0.md", "3.md", 1.0)]


def test_what_is_alike_by_half_is_no_near_duplicate():
    half = " ".join(f"{'word' if number < 20 else 'other'}{number}" for number in range(40))
    assert similar_sections(documents(LONG, half)) == []


def test_of_sections_of_one_form_each_is_set_beside_the_first():
    sections = documents(*(f"Register R{number} {LONG}" for number in range(30)))
    pairs = similar_sections(sections)
    assert [(pair.first, pair.second) for pair in pairs] == [(sections[0].id, each.id) for each in sections[1:]]


def test_text_without_spaces_is_repeated_too():
    sections = documents(
        "版权所有，未经许可不得复制本文件的任何部分。", "版权所有，未经许可不得复制本文件的任何部分。", "版权所有"
    )
    assert [(pair.first, pair.second) for pair in similar_sections(sections)] == [(sections[0].id, sections[1].id)]
