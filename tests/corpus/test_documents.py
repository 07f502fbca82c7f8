"""All files of a folder are read, and what is not read is told."""

import os
import unicodedata
from pathlib import Path

import pytest

from runner.corpus.documents import read_documents
from runner.corpus.reading import ReadingRules
from runner.errors import Fault


@pytest.fixture
def home(tmp_path):
    """A folder of one document."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cup.md").write_text("## Final\n\nAda won.\n")
    return tmp_path / "documents"


def test_formats_that_are_not_read_are_counted(home):
    for name in ("a.xyz", "b.xyz", "Makefile"):
        (home / name).write_text("x")
    assert (
        "3 of 4 files are of formats that are not read: 2 .xyz, 1 Makefile"
        in read_documents(home.parent, ReadingRules(longest=100, strict=True)).notes
    )


@pytest.mark.parametrize("name", ["~$cup.docx", ".notes.md", ".ipynb_checkpoints/cup.md", "__MACOSX/._cup.md"])
def test_hidden_files_are_not_read_and_named(home, name):
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_bytes(b"\xff\x00")
    documents = read_documents(home.parent, ReadingRules(longest=100, strict=True))
    assert {section.document for section in documents.sections} == {"cup.md"}
    assert documents.notes == (f"hidden files are not read: {name}",)


def test_a_name_is_the_same_from_every_system(home):
    (home / unicodedata.normalize("NFD", "café.md")).write_text("Bea won.\n")
    found = {section.document for section in read_documents(home.parent, ReadingRules(longest=100, strict=True)).sections}
    assert found == {"cup.md", unicodedata.normalize("NFC", "café.md")}


def test_sections_that_were_split_are_counted(home):
    (home / "pins.md").write_text("## Pins\n\n" + "Pin one is an input. " * 60)
    assert (
        "sections of more than 100 tokens were split: pins.md#Pins (360 tokens, 4 parts)"
        in read_documents(home.parent, ReadingRules(longest=100, strict=True)).notes
    )


def test_what_holds_no_text_of_its_own_is_named(home):
    (home / "links.md").write_text("## Links\n\n- [Final](cup.md)\n\n## Goals\n\nTwo.\n")
    notes = read_documents(home.parent, ReadingRules(longest=100, strict=True)).notes
    assert notes == ("nothing but comments, pictures or links, so no sections: links.md#Links",)


def test_if_no_document_can_be_read_the_reasons_are_told(home):
    (home / "cup.md").write_bytes(b"caf\xe9")
    with pytest.raises(Fault, match=r"cup\.md is not UTF-8"):
        read_documents(home.parent, ReadingRules(longest=100, strict=False))


def test_boilerplate_is_told_and_left_out_where_that_is_wanted(home):
    licence = "Licensed under the Apache License; see the file LICENSE for details."
    for name in ("a", "b", "c"):
        (home / f"{name}.md").write_text(f"## {name}\n\n{licence}\n\n{name} won.\n\n## Licence\n\n{licence}\n")
    kept, dropped = (read_documents(home.parent, ReadingRules(longest=100, strict=True, drop=drop)) for drop in (False, True))
    assert (len(kept.sections), len(dropped.sections)) == (7, 4)
    assert [section.text for section in dropped.sections] == ["a won.", "b won.", "c won.", "Ada won."]
    assert dropped.others.keys() < kept.others.keys() | {"cup.md#Final"}
    assert ("boilerplate", f"{licence} (a.md, b.md, c.md)") in kept.remarks


def test_of_many_faults_the_first_are_noted_and_all_are_listed(home):
    for number in range(7):
        (home / f"bad{number}.md").write_bytes(b"caf\xe9")
    documents = read_documents(home.parent, ReadingRules(longest=100, strict=False))
    assert len([note for note in documents.notes if note.startswith("left out: ")]) == 5
    assert "2 further documents can't be read; run.py --sections and the artifact documents list them" in documents.notes
    assert len([text for kind, text in documents.remarks if kind == "not read"]) == 7


def test_a_bad_file_that_was_not_chosen_is_neither_noted_nor_a_fault(home):
    (home / "bad.md").write_bytes(b"caf\xe9")
    assert read_documents(home.parent, ReadingRules(longest=100, strict=True), ["cup"]).notes == ()
    with pytest.raises(Fault, match=r"bad\.md"):
        read_documents(home.parent, ReadingRules(longest=100, strict=True), ["cup", "*.md"])


def test_a_file_that_is_not_read_may_have_any_name(home):
    (home.parent / "documents" / b"\xff.xyz".decode("utf-8", "surrogateescape")).touch()
    assert ("not read", "\ufffd.xyz: no reader for such files") in read_documents(
        home.parent, ReadingRules(longest=100, strict=True)
    ).remarks


def test_two_names_that_differ_in_the_form_of_an_accent_alone_are_told(home):
    forms = [unicodedata.normalize(form, "café.md") for form in ("NFC", "NFD")]
    for name in forms:
        (home / name).write_text("Bea won.\n")
    documents = read_documents(home.parent, ReadingRules(longest=100, strict=False))
    assert [section.id for section in documents.sections] == [f"{forms[0]}#café", "cup.md#Final"]
    assert documents.notes[0].endswith("another file has this name, with its accents in another form. Rename it")
    with pytest.raises(Fault, match="another file has this name"):
        read_documents(home.parent, ReadingRules(longest=100, strict=True))


@pytest.mark.parametrize("name", [b"\xff.md", b"\xff.csv", b"\xff.hjson", b"Ger\xe4t", b"a.\xff"])
def test_a_name_that_is_not_unicode_can_be_written_in_notes(home, name):
    Path(os.fsdecode(os.fsencode(home) + b"/" + name)).write_text("{")
    documents = read_documents(home.parent, ReadingRules(longest=100, strict=False))
    assert "\N{REPLACEMENT CHARACTER}".encode() in "\n".join(documents.notes).encode()
