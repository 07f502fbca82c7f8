"""A document is split at its headings, and none of its text is lost or moved."""

import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from runner.corpus.readers import Document
from runner.corpus.readers.choose import read_document
from runner.corpus.sectioning import sections
from runner.data.records import Section, digest
from runner.data.text_file import read_text
from runner.errors import Fault


def parts(home: Path, text: str, name: str = "cup.md") -> list[Section]:
    """The sections of a document of this text."""
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")
    return list(sections(PurePosixPath(name), read_document(home / name, home), 1500).sections)


def test_each_heading_begins_a_section(tmp_path):
    found = parts(tmp_path, "# The Cup\n\nIntro.\n\n## Final\n\nAda won.\n\n### Goals\n\nOne.\nTwo.\n")
    texts = [("The Cup", "Intro."), ("Final", "Ada won."), ("Final > Goals", "One.\nTwo.")]
    assert [(one.heading, one.text) for one in found] == texts
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


def test_a_document_without_a_top_heading_is_titled_by_its_name(tmp_path):
    (one,) = parts(tmp_path, "## Final\n\nAda won.\n", "cup-final_2023.md")
    assert (one.title, one.heading) == ("cup final 2023", "Final")


def test_a_document_without_any_heading_is_one_section(tmp_path):
    (one,) = parts(tmp_path, "Ada won.\n\nBea lost.\n")
    assert (one.heading, one.text) == ("cup", "Ada won.\n\nBea lost.")


def test_a_text_file_is_one_section_whatever_it_looks_like(tmp_path):
    (one,) = parts(tmp_path, "# not a heading\n\n## nor this\n", "notes.txt")
    assert (one.heading, one.text) == ("notes", "# not a heading\n\n## nor this")


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


REGISTERS = """# Regs

## Scratch Register

### AddressOffset: 0x140

### Description

Software may keep a value here over a reset of the core, and read it back without any side effect on the block or its timers.

### Fields

VALUE, 31:0

### Access

read/write
"""


def test_a_heading_without_text_stands_before_the_headings_below_it(tmp_path):
    found = parts(tmp_path, "# Regs\n\n## Scratch\n\n### Offset: 0x140\n\n#### Description\n\nKeeps a value.\n")
    assert [(one.id, one.heading) for one in found] == [
        ("cup.md#Scratch > Offset: 0x140 > Description", "Scratch > Offset: 0x140 > Description")
    ]


def test_a_register_that_is_inserted_renames_no_other(tmp_path):
    text = "The field EN starts it. It is cleared by a reset of the core or the block, whichever comes first."
    one = f"## A\n\n### Fields\n\n{text}\n\n"
    before = {section.id for section in parts(tmp_path, "# Regs\n\n" + one.replace("## A", "## B"))}
    assert before <= {section.id for section in parts(tmp_path, "# Regs\n\n" + one + one.replace("## A", "## B"))}


def test_short_parts_under_one_heading_are_one_section(tmp_path):
    found = parts(tmp_path, REGISTERS)
    assert [one.heading for one in found] == ["Scratch Register > Description", "Scratch Register"]
    assert found[1].text == "Fields: VALUE, 31:0\n\nAccess: read/write"


def test_a_section_that_is_too_long_is_split_and_says_so(tmp_path):
    (tmp_path / "long.md").write_text("## Pins\n\n" + "".join(f"Pin {pin} is an input.\n\n" for pin in range(60)))
    made = sections(PurePosixPath("long.md"), read_document(tmp_path / "long.md", tmp_path), 100)
    assert [one.id for one in made.sections] == [f"long.md#Pins [part {number}]" for number in range(1, 5)]
    assert made.cut == ("long.md#Pins (360 tokens, 4 parts)",)
    assert made.others["long.md#Pins"] == tuple(one.id for one in made.sections)


@pytest.mark.parametrize(
    "text",
    [
        *("<!-- later\n\nmore -->", "![block](block.svg)", "- [Timers](timers.md)\n- [Pins](pins.md)", "[a]: b.md"),
        *("- [Timers][t]\n\n[t]: http://timers", "https://pins.example/a", "- <https://pins.example>"),
    ],
)
def test_comments_pictures_and_links_are_no_section(tmp_path, text):
    (tmp_path / "cup.md").write_text(f"## Links\n\n{text}\n\n## Final\n\nAda won.\n")
    made = sections(PurePosixPath("cup.md"), read_document(tmp_path / "cup.md", tmp_path), 1500)
    assert [one.heading for one in made.sections] == ["Final"]
    assert made.silent == ("cup.md#Links",)


def test_a_link_within_a_sentence_is_text(tmp_path):
    assert len(parts(tmp_path, "See [Timers](timers.md).\n")) == 1


def test_a_section_knows_its_line_and_no_hash_does(tmp_path):
    (one,) = parts(tmp_path, "---\ntitle: T\n---\n\n## Final\n\nAda won.\n")
    assert one.place == "line 5"
    assert digest(one) == digest(replace(one, place="line 9"))


def test_a_heading_is_in_the_form_in_which_people_type_it(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Größe\u00a0der\u200b FIFO")
    (one,) = parts(tmp_path, f"## {decomposed}\n\nSie fasst 64 Byte.\n")
    assert one.id == "cup.md#Größe der FIFO"


def test_facts_under_a_heading_without_text_belong_to_the_next_section():
    document = Document(markdown="## A\n\n## B\n\nThe text.\n", facts=((1, "A extends C."), (3, "B is D.")))
    made = sections(PurePosixPath("a.sv"), document, 1500)
    assert [(fact.section, fact.text) for fact in made.facts] == [("a.sv#B", "A extends C."), ("a.sv#B", "B is D.")]


def test_facts_of_a_split_section_stand_in_the_part_that_states_them():
    document = Document(markdown="\n\n".join(f"Pin {number} drives lamp{number} up." for number in range(40)))
    document = replace(document, facts=tuple((0, f"lamp{number} is driven.") for number in range(40)))
    made = sections(PurePosixPath("pins.md"), document, 50)
    texts = {section.id: section.text for section in made.sections}
    assert len(texts) > 1
    assert all(fact.text.split()[0] in texts[fact.section].split() for fact in made.facts)


def test_a_long_section_without_spaces_is_split():
    made = sections(PurePosixPath("a.md"), Document(markdown="中断控制器的深度为六十四字节。" * 40), 100)
    assert len(made.sections) > 5
    assert "".join(section.text for section in made.sections) == "中断控制器的深度为六十四字节。" * 40
