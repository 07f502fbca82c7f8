"""The parts of a teacher's prompt name, number and list."""

from runner.data.records import Material
from runner.method.templates import earlier, named, numbered, purpose_of
from tests.given import label, section


def test_earlier_questions_stand_on_a_line_each():
    assert earlier([label("One?"), label("Two?")]) == "- One?\n- Two?"


def test_where_nothing_was_asked_earlier_it_says_so():
    assert earlier([]) == "(none yet)"


def test_a_section_is_named_by_its_document_its_file_and_its_headings() -> None:
    assert named(section()) == {"title": "The Cup", "document": "cup.md", "heading": "Final"}


def test_texts_are_numbered_from_one() -> None:
    assert numbered(["a", "b"]) == "1. a\n2. b"


def test_a_corpus_without_a_purpose_has_one_that_fits_any() -> None:
    assert purpose_of(Material(sections=(), questions=(), purpose="Know the cup.")) == "Know the cup."
    assert purpose_of(Material(sections=(), questions=())) == "Know what these documents state."
