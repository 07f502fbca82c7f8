"""Registers of SystemRDL become tables and facts, and nothing in a file is run."""

import pytest

from runner.corpus.readers.system_rdl import read
from runner.errors import Fault

DMA = """// A DMA controller.
`include "types.rdl"
addrmap dma {
  name = "DMA controller"; desc = "Moves data.";
  enum mode_e { slow = 0 { desc = "One word."; }; fast = 1; };
  reg { name = "Control"; default sw = rw; default hw = r;
    field { desc = "Starts a transfer."; } EN[0:0] = 1;
    field { encode = mode_e; } MODE[3:2] = 0;
    field { sw = r; hw = w; } BUSY[4:4];
  } CTRL @ 0x10;
  reg { field { sw = rw; onwrite = woclr; } DONE[1]; } STAT[4] @ 0x20;
  regfile { id_t ID @ 0x4; } ch[2] @ 0x100 += 0x10;
};
"""


@pytest.fixture(autouse=True)
def compiler():
    """The compiler is an extra of its own."""
    pytest.importorskip("systemrdl")


def test_registers_and_fields_are_facts(tmp_path):
    (tmp_path / "types.rdl").write_text("reg id_t { field { sw = r; } ID[7:0] = 0x42; };")
    (tmp_path / "dma.rdl").write_text(DMA)
    document = read(tmp_path / "dma.rdl", tmp_path)
    assert document.markdown.startswith(
        "# DMA controller\n\nMoves data.\n\n## CTRL\n\nControl\n\nOffset: 0x10\n\n| Bits | Field |"
    )
    assert [fact for _, fact in document.facts if "CTRL" in fact] == [
        "The register CTRL of dma: Control.",
        "The register CTRL of dma is at offset 0x10.",
        "The field EN in the register CTRL of dma is bit 0.",
        "The field EN in the register CTRL of dma: Starts a transfer.",
        "The field EN in the register CTRL of dma is read/write.",
        "The field EN in the register CTRL of dma has the reset value 0x1.",
        "The field MODE in the register CTRL of dma is bits 3:2.",
        "The field MODE in the register CTRL of dma is read/write.",
        "The field MODE in the register CTRL of dma has the reset value 0x0.",
        "The value 0x0 of the field MODE in the register CTRL of dma means slow: One word.",
        "The value 0x1 of the field MODE in the register CTRL of dma means fast.",
        "The field BUSY in the register CTRL of dma is bit 4.",
        "The field BUSY in the register CTRL of dma is read-only.",
    ]
    facts = [fact for _, fact in document.facts]
    assert "The register STAT of dma exists 4 times." in facts
    assert "The field DONE in the register STAT of dma is read/write, cleared by writing 1." in facts
    assert "The register ch.ID of dma is at offset 0x104." in facts


def test_files_outside_of_the_corpus_are_not_included(tmp_path):
    home = tmp_path / "documents"
    home.mkdir()
    (tmp_path / "types.rdl").write_text("reg id_t { field { sw = r; } PASSWORD[7:0] = 0x42; };")
    for path in ("../types.rdl", str(tmp_path / "types.rdl")):
        (home / "dma.rdl").write_text(DMA.replace("types.rdl", path))
        document = read(home / "dma.rdl", home)
        assert "PASSWORD" not in document.markdown
        assert document.notes == ("dma.rdl is read as text without facts: Type 'id_t' is not defined",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<% system('touch perl-ran') %>\naddrmap a { reg { field {} f[1]; } r; };", "it holds Perl, which is not run"),
        ("addrmap a { reg {", ".+"),
        ("no rdl " + "(" * 3000, ".+"),
        ('`include "a.rdl"\naddrmap a { b c; };', "Type 'b' is not defined"),
    ],
)
def test_what_can_not_be_compiled_is_kept_as_text(tmp_path, monkeypatch, text, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.rdl").write_text(text)
    document = read(tmp_path / "a.rdl", tmp_path)
    assert (document.markdown, document.facts, document.headings) == (text, (), False)
    (note,) = document.notes
    assert note.startswith("a.rdl is read as text without facts: ")
    assert reason == ".+" or note.endswith(reason)
    assert not (tmp_path / "perl-ran").exists()


def test_a_binary_file_is_a_fault_that_names_it(tmp_path):
    (tmp_path / "a.rdl").write_bytes(b"addrmap \0")
    with pytest.raises(Fault, match=r"a\.rdl: byte 8 is NUL"):
        read(tmp_path / "a.rdl", tmp_path)


def test_files_that_were_looked_for_are_named_so_that_their_change_counts(tmp_path):
    (tmp_path / "part.rdl").write_text("// nothing\n")
    (tmp_path / "a.rdl").write_text('`include "part.rdl"\n`include "later.rdl"\naddrmap a { reg { field {} f; } r; };\n')
    assert read(tmp_path / "a.rdl", tmp_path).included == ("later.rdl", "part.rdl")
