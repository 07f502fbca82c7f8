"""Each slide is a section with its text, tables and speaker notes."""

from pathlib import PurePosixPath
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.util import Inches

from runner.corpus.readers.slides import read
from runner.corpus.sectioning import sections
from runner.errors import Fault


def test_each_slide_is_a_section_with_its_notes(tmp_path):
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "DMA"
    slide.placeholders[1].text = "Channels\nfour"
    slide.placeholders[1].text_frame.paragraphs[1].level = 1
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 0).text, table.cell(1, 1).text = "Field", "Bits", "EN", "0"
    slide.notes_slide.notes_text_frame.text = "Say that two are secure."
    bare = deck.slides.add_slide(deck.slide_layouts[6])
    group = bare.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Within a group."
    deck.save(str(tmp_path / "a.pptx"))
    first, second = sections(PurePosixPath("a.pptx"), read(tmp_path / "a.pptx", tmp_path), 1500).sections
    assert (first.id, first.place, second.id, second.place) == ("a.pptx#DMA", "slide 1", "a.pptx#Slide 2", "slide 2")
    table_text = "| Field | Bits |\n|---|---|\n| EN | 0 |"
    assert first.text == f"- Channels\n  - four\n\n{table_text}\n\nSpeaker notes: Say that two are secure."
    assert second.text == "Within a group."


def test_an_archive_that_is_no_presentation_is_a_fault_that_names_it(tmp_path):
    with ZipFile(tmp_path / "a.pptx", "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(Fault, match=r"a\.pptx can't be read as PPTX: .*leave it out"):
        read(tmp_path / "a.pptx", tmp_path)
