"""Entities and packages of VHDL are sections with tables and facts."""

from pathlib import PurePosixPath

import pytest

from runner.corpus.readers.vhdl import read
from runner.corpus.sectioning import sections

FIFO = """-- ================================
-- Copyright (c) 2031 Ada Ltd.
-- ================================

-- A queue of words. --

library ieee;
use ieee.std_logic_1164.all;

entity fifo is
  generic (
    WIDTH : natural := 8; -- bits of a word
    NAME  : string
  );
  port (
    -- clocks --
    clk_i, rst_i : in  std_ulogic;
    data_o       : out std_ulogic_vector(7 downto 0) := x"00" -- oldest word
  );
end fifo;

architecture rtl of fifo is
begin
  data_o <= (others => '0');
end rtl;

package fifo_pkg is
  constant depth_c : natural := 64; -- words
end package;
"""


@pytest.fixture
def fifo(tmp_path):
    """The file as a document."""
    (tmp_path / "fifo.vhd").write_text(FIFO)
    return read(tmp_path / "fifo.vhd", tmp_path)


def test_an_entity_has_its_comment_and_tables(fifo):
    made = {section.heading: section.text for section in sections(PurePosixPath("fifo.vhd"), fifo, 1500).sections}
    assert made["entity fifo"] == "A queue of words."
    assert "| WIDTH | natural | 8 | bits of a word |" in made["entity fifo > Generics"]
    assert "| rst_i | in | std_ulogic |  |  |" in made["entity fifo > Ports"]
    assert "library ieee;" in made["entity fifo > Code"]
    assert "data_o <= (others => '0');" in made["architecture rtl of fifo"]


def test_generics_ports_and_constants_are_facts(fifo):
    assert [text for _, text in fifo.facts] == [
        "The generic WIDTH of the entity fifo is of type natural and has the default 8.",
        "The generic WIDTH of the entity fifo: bits of a word.",
        "The generic NAME of the entity fifo is of type string.",
        "The port clk_i of the entity fifo is an input of type std_ulogic.",
        "The port rst_i of the entity fifo is an input of type std_ulogic.",
        'The port data_o of the entity fifo is an output of type std_ulogic_vector(7 downto 0) and has the default x"00".',
        "The port data_o of the entity fifo: oldest word.",
        "The constant depth_c of the package fifo_pkg is of type natural and is 64.",
        "The constant depth_c of the package fifo_pkg: words.",
    ]


def test_what_is_no_vhdl_is_kept_as_code(tmp_path):
    (tmp_path / "a.vhd").write_text("no such language " + "(" * 20000)
    assert "no such language" in read(tmp_path / "a.vhd", tmp_path).markdown
