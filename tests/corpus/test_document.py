"""A document is split at its headings, and none of its text is lost or moved."""

from pathlib import Path

import pytest

from runner.corpus.document import sections
from runner.data.records import Section
from runner.data.tables import read_text
from runner.errors import Fault


def parts(home: Path, text: str, name: str = "cup.md") -> list[Section]:
    """The sections of a document of this text."""
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")
    return list(sections(home / name, home))


def test_each_heading_begins_a_section(tmp_path):
    found = parts(tmp_path, "# The Cup\n\nIntro.\n\n## Final\n\nAda won.\n\n### Goals\n\nOne.\nTwo.\n")
    assert [(one.heading, one.text) for one in found] == [("The Cup", "Intro."), ("Final", "Ada won."), ("Goals", "One.\nTwo.")]
    assert {one.title for one in found} == {"The Cup"}


def test_the_id_is_the_path_and_the_heading(tmp_path):
    (one,) = parts(tmp_path, "## Final\n\nAda won.\n", "events/cup.md")
    assert (one.id, one.document) == ("events/cup.md#Final", "events/cup.md")


def test_a_heading_without_text_is_no_section(tmp_path):
    assert [one.heading for one in parts(tmp_path, "# The Cup\n\n## Empty\n\n \n## Final\n\nAda won.\n")] == ["Final"]


@pytest.mark.parametrize("name", ["cup.txt", "cup.md"])
def test_an_empty_document_has_no_sections(tmp_path, name):
    assert parts(tmp_path, " \n\n", name) == []


def test_a_hash_in_a_code_fence_is_no_heading(tmp_path):
    (one,) = parts(tmp_path, "## Setup\n\n```sh\n# install it\nmake\n```\n\nDone.\n")
    assert one.text == "```sh\n# install it\nmake\n```\n\nDone."


def test_a_hash_in_an_indented_block_is_no_heading(tmp_path):
    assert [one.heading for one in parts(tmp_path, "## Setup\n\nRun:\n\n    # install it\n    make\n")] == ["Setup"]


def test_a_heading_may_be_underlined(tmp_path):
    found = parts(tmp_path, "The Cup\n=======\n\nIntro.\n\nFinal\n-----\n\nAda won.\n")
    assert [(one.title, one.heading, one.text) for one in found] == [
        ("The Cup", "The Cup", "Intro."),
        ("The Cup", "Final", "Ada won."),
    ]


def test_text_before_the_first_heading_stands_under_the_title(tmp_path):
    assert [(one.heading, one.text) for one in parts(tmp_path, "Before.\n\n# The Cup\n\nAfter.\n")] == [
        ("The Cup", "Before."),
        ("The Cup", "After."),
    ]


def test_headings_that_come_again_are_numbered(tmp_path):
    found = parts(tmp_path, "## Goals\n\nOne.\n\n## Goals\n\nTwo.\n")
    assert [(one.id, one.text) for one in found] == [("cup.md#Goals", "One."), ("cup.md#Goals (2)", "Two.")]


def test_no_two_sections_have_one_id(tmp_path):
    found = parts(tmp_path, "## Goals\n\nOne.\n\n## Goals (2)\n\nTwo.\n\n## Goals\n\nThree.\n")
    assert len({one.id for one in found}) == 3


def test_a_number_that_a_heading_has_itself_is_passed_over(tmp_path):
    found = parts(tmp_path, "".join(f"## {heading}\n\nText.\n\n" for heading in ("Goals", "Goals (2)", "Goals")))
    assert [one.id for one in found] == ["cup.md#Goals", "cup.md#Goals (2)", "cup.md#Goals (3)"]


def test_a_page_break_stays_in_the_text_below_front_matter(tmp_path):
    (one,) = parts(tmp_path, "---\ntitle: T\n---\n## Final\n\nAda\u2028won.\n")
    assert one.text == "Ada\u2028won."


def test_a_document_without_a_top_heading_is_titled_by_its_name(tmp_path):
    (one,) = parts(tmp_path, "## Final\n\nAda won.\n", "cup-final_2023.md")
    assert (one.title, one.heading) == ("cup final 2023", "Final")


def test_a_document_without_any_heading_is_one_section(tmp_path):
    (one,) = parts(tmp_path, "Ada won.\n\nBea lost.\n")
    assert (one.heading, one.text) == ("cup", "Ada won.\n\nBea lost.")


def test_a_text_file_is_one_section_whatever_it_looks_like(tmp_path):
    (one,) = parts(tmp_path, "# not a heading\n\n## nor this\n", "notes.txt")
    assert (one.heading, one.text) == ("notes", "# not a heading\n\n## nor this")


def test_the_front_matter_gives_title_and_category_and_is_no_text(tmp_path):
    (one,) = parts(tmp_path, "---\ntitle: A Title\ncategory: 2018\n---\n## Final\n\nAda won.\n")
    assert (one.title, one.category, one.text) == ("A Title", "2018", "Ada won.")


@pytest.mark.parametrize(
    ("name", "text", "category"),
    [
        ("cup.md", "## Final\n\nAda won.", "cup"),
        ("events/cup.md", "## Final\n\nAda won.", "events"),
        ("events/2018/cup.md", "## Final\n\nAda won.", "events"),
        ("events/cup.md", "---\ncategory: football\n---\n## Final\n\nAda won.", "football"),
        ("events/cup.md", "---\ntitle: only\n---\n## Final\n\nAda won.", "events"),
        ("events/cup.md", "---\ncategory:\n---\n## Final\n\nAda won.", "events"),
    ],
)
def test_the_category_is_the_front_matters_else_the_top_folder_else_the_name(tmp_path, name, text, category):
    assert parts(tmp_path, text, name)[0].category == category


def test_a_rule_at_the_top_that_is_never_closed_is_text(tmp_path):
    assert parts(tmp_path, "---\n\nAda won.\n\n# The Cup\n")[0].text == "---\n\nAda won."


def test_a_rule_further_down_is_text(tmp_path):
    assert parts(tmp_path, "# The Cup\n\nAda won.\n\n---\n\nBea lost.\n")[0].text == "Ada won.\n\n---\n\nBea lost."


@pytest.mark.parametrize(
    ("matter", "line", "what"),
    [("a: [", 2, "is not yaml"), ("title: T\n category: c", 3, "is not yaml: mapping"), ("just words", 2, "just words")],
)
def test_front_matter_that_is_no_yaml_is_a_fault_that_names_file_and_line(tmp_path, matter, line, what):
    with pytest.raises(Fault, match=rf"cup\.md:{line}: the front matter .*{what}"):
        parts(tmp_path, f"---\n{matter}\n---\nAda won.\n")


def test_lines_may_end_as_on_windows_and_begin_with_a_mark(tmp_path):
    (tmp_path / "cup.md").write_bytes(b"\xef\xbb\xbf---\r\ncategory: c\r\n---\r\n# T\r\n\r\n## Final\r\n\r\nAda won.\r\n")
    (one,) = sections(tmp_path / "cup.md", tmp_path)
    assert (one.title, one.heading, one.category, one.text) == ("T", "Final", "c", "Ada won.")


@pytest.mark.parametrize("mark", ["\x0c", "\u2028", "\x85"], ids=["form feed", "line separator", "next line"])
def test_a_page_break_does_not_move_the_text_of_later_sections(tmp_path, mark):
    found = parts(tmp_path, f"## Goals\n\nOne.{mark}Two.\n\n## Final\n\nAda won.\n")
    assert found[1].text == "Ada won."


def test_a_file_that_is_not_utf8_is_a_fault_with_the_byte_and_the_remedy(tmp_path):
    (tmp_path / "cup.md").write_bytes(b"caf\xe9")
    with pytest.raises(Fault, match=r"cup\.md is not UTF-8 \(byte 3 is 0xe9\).*iconv"):
        read_text(tmp_path / "cup.md")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    with pytest.raises(Fault, match="can't be read"):
        read_text(tmp_path / "nowhere.md")


def test_a_control_character_in_front_matter_is_a_fault_too(tmp_path):
    with pytest.raises(Fault, match=r"cup\.md:2: the front matter is not yaml: unacceptable character"):
        parts(tmp_path, "---\ntitle: \x01\n---\nAda won.\n")
