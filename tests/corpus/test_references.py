"""Sections and documents are found by the names that people write."""

import unicodedata
from dataclasses import replace

import pytest

from runner.corpus.references import SectionIndex, documents_matching
from runner.errors import Fault
from tests.given import section

FINAL = replace(section(), id="cup.md#Rules > Final", heading="Rules > Final", text="Ada won.")
PARTS = [replace(FINAL, id=f"cup.md#Pins [part {number}]", heading="Pins", text=f"Pin {number}.") for number in (1, 2)]
GOALS = [replace(FINAL, id=f"cup.md#{above} > Goals", heading=f"{above} > Goals") for above in ("A", "B")]
KNOWN = SectionIndex(
    [FINAL, *PARTS, *GOALS],
    {
        "cup.md#Final": (FINAL.id,),
        "cup.md#Pins": tuple(part.id for part in PARTS),
        "cup.md#Goals": tuple(goals.id for goals in GOALS),
    },
)


def test_a_section_is_found_by_its_id_or_its_last_heading():
    assert KNOWN.section("exam.jsonl:1", FINAL.id, "Ada") == KNOWN.section("exam.jsonl:1", "cup.md#Final", "Ada") == FINAL


def test_no_name_is_no_section():
    assert KNOWN.section("exam.jsonl:1", "", "Ada") is None


def test_of_a_split_section_the_part_with_the_answer_is_taken_or_else_the_first():
    assert KNOWN.section("exam.jsonl:1", "cup.md#Pins", "pin 2") == PARTS[1]
    assert KNOWN.section("exam.jsonl:1", "cup.md#Pins", "pin 3") == PARTS[0]


def test_a_heading_of_several_sections_is_a_fault_that_names_them():
    with pytest.raises(
        Fault, match=r"exam\.jsonl:1: several sections are called 'cup\.md#Goals'.*cup\.md#A > Goals, cup\.md#B > Goals"
    ):
        KNOWN.section("exam.jsonl:1", "cup.md#Goals", "Ada")


def test_an_unknown_section_is_answered_with_the_nearest_ones():
    with pytest.raises(Fault, match=r"exam\.jsonl:1: no section 'cup\.md#Finale'.*such as cup\.md#Final,"):
        KNOWN.section("exam.jsonl:1", "cup.md#Finale", "Ada")


def test_a_name_may_be_typed_with_accents_of_their_own():
    accented = replace(FINAL, id=unicodedata.normalize("NFC", "café.md#Final"))
    assert SectionIndex([accented], {}).section("", unicodedata.normalize("NFD", "café.md#Final"), "") == accented


DOCUMENTS = ["spi/map[1].md", "spi/registers.md", "uart/theory.md", "uart/registers.md", "overview.md"]


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [
        ("overview", {"overview.md"}),
        ("overview.md", {"overview.md"}),
        ("uart/**", {"uart/theory.md", "uart/registers.md"}),
        ("*/registers.md", {"spi/registers.md", "uart/registers.md"}),
        ("spi/registers", {"spi/registers.md"}),
        ("map[1].md", {"spi/map[1].md"}),
        ("map[1]", {"spi/map[1].md"}),
    ],
)
def test_documents_are_chosen_by_name_or_pattern(pattern, chosen):
    assert documents_matching([pattern], DOCUMENTS, {}) == chosen


def test_a_name_of_several_documents_is_a_fault_that_names_them():
    with pytest.raises(
        Fault, match=r"corpus\.documents: several documents are called registers.*spi/registers\.md, uart/registers\.md"
    ):
        documents_matching(["registers"], DOCUMENTS, {})


def test_a_pattern_that_matches_nothing_is_a_fault_with_near_names():
    with pytest.raises(Fault, match=r"no document matches urt/\*\*"):
        documents_matching(["urt/**"], DOCUMENTS, {})


LEFT_OUT = {"uart/pins.pdf": "pins.pdf: .pdf files are read by liteparse. Install it: pip install 'experiment-runner[documents]'"}


@pytest.mark.parametrize("pattern", ["pins", "pins.pdf", "*.pdf", "uart/pins"])
def test_a_choice_of_documents_that_were_left_out_is_a_fault_with_the_reason(pattern):
    with pytest.raises(Fault, match=r"corpus\.documents: .* matches only documents that were left out: .*Install it"):
        documents_matching([pattern], DOCUMENTS, LEFT_OUT)


def test_a_pattern_may_match_documents_that_were_left_out_beside_others():
    assert documents_matching(["uart/**"], DOCUMENTS, LEFT_OUT) == {"uart/theory.md", "uart/registers.md"}


def test_a_section_of_a_document_that_was_left_out_is_a_fault_with_the_reason():
    with pytest.raises(Fault, match=r"exam\.jsonl:1: section 'uart/pins\.pdf#Pins' is of .* left out: .*Install it"):
        SectionIndex([FINAL], {}, LEFT_OUT).section("exam.jsonl:1", "uart/pins.pdf#Pins", "Ada")
