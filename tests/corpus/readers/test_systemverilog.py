"""Modules are read by their syntax, and nothing that they name is opened."""

from pathlib import PurePosixPath

import pytest

from runner.corpus.readers.systemverilog import read
from runner.corpus.sectioning import sections
from runner.errors import Fault

FIFO = """// Copyright Ada Ltd.
// SPDX-License-Identifier: MIT
//
// A queue of bytes.

`include "prim_assert.sv"
package fifo_pkg;
  parameter int unsigned Depth = 64;
  typedef enum logic [1:0] { Idle = 2'd0, /* sends */ Busy } state_e;
endpackage
module fifo #(
  parameter int unsigned Width = 8, // bits of an entry
  parameter bit Impl = `DEFAULT_IMPL,
  localparam type T = logic
) (
  // The clock,
  // at most 100 MHz.
  input clk_i,

  // write port
  input wvalid_i,
  input [Width-1:0] wdata_i, wmask_i,
  output logic [Width-1:0] rdata_o [2],
  tlul_if.device bus
);
  assign rdata_o[0] = wdata_i; // no delay
endmodule
module old(a, b);
  input a;
  output reg [3:0] b;
endmodule
class fifo_env extends base_env #(.A(1));
endclass
`define LAST 1
"""


@pytest.fixture
def fifo(tmp_path):
    """The file as a document."""
    (tmp_path / "fifo.sv").write_text(FIFO)
    return read(tmp_path / "fifo.sv", tmp_path)


def test_modules_become_sections_with_tables_and_code(fifo):
    made = {section.heading: section for section in sections(PurePosixPath("fifo.sv"), fifo, 1500).sections}
    assert made["package fifo_pkg"].text == "A queue of bytes."
    assert "| Width | parameter | int unsigned | 8 | bits of an entry |" in made["module fifo > Parameters"].text
    assert "| Impl | parameter | bit | DEFAULT_IMPL |  |" in made["module fifo > Parameters"].text
    assert "| clk_i | input |  | The clock, at most 100 MHz. |" in made["module fifo > Ports"].text
    assert "| rdata_o | output | logic [Width-1:0] [2] |  |" in made["module fifo > Ports"].text
    assert "assign rdata_o[0] = wdata_i; // no delay" in made["module fifo > Code"].text
    assert made["module fifo > Code"].place == "line 11"
    assert "`define LAST 1" in made["Further code"].text


def test_parameters_ports_and_values_become_facts(fifo):
    facts = [text for _, text in fifo.facts]
    assert facts[:5] == [
        "The constant Depth of the package fifo_pkg is of type int unsigned and is 64.",
        "The value Idle of the type state_e in the package fifo_pkg is 2'd0.",
        "The parameter Width of the module fifo is of type int unsigned and has the default 8.",
        "The parameter Width of the module fifo: bits of an entry.",
        "The parameter Impl of the module fifo is of type bit and has the default DEFAULT_IMPL.",
    ]
    assert "The constant T of the module fifo is a type and is logic." in facts
    assert "The port wmask_i of the module fifo is an input of type [Width-1:0]." in facts
    assert "The port bus of the module fifo is an interface of type tlul_if.device." in facts
    assert "The port b of the module old is an output of type reg [3:0]." in facts
    assert facts[-1] == "The class fifo_env extends base_env."


def test_a_comment_above_several_ports_is_about_none_of_them(fifo):
    assert not [text for _, text in fifo.facts if "write port" in text]


@pytest.mark.parametrize("directive", ['`include "{}"', '`define GET `include `NAME\n`define NAME "{}"\n`GET'])
def test_no_other_file_is_read(tmp_path, directive):
    (tmp_path / "secret.svh").write_text("module password; endmodule\n")
    (tmp_path / "a.sv").write_text(directive.format(tmp_path / "secret.svh") + "\nmodule a; endmodule\n")
    assert "password" not in read(tmp_path / "a.sv", tmp_path).markdown


def test_code_without_modules_is_kept(tmp_path):
    (tmp_path / "a.svh").write_text("`define A 1\nassign a = 1;\n")
    assert "`define A 1\nassign a = 1;" in read(tmp_path / "a.svh", tmp_path).markdown


def test_code_that_is_nested_too_deep_is_a_fault(tmp_path):
    (tmp_path / "a.sv").write_text("assign a = " + "(" * 20000)
    with pytest.raises(Fault, match=r"a\.sv can't be read as SystemVerilog: it is nested too deep"):
        read(tmp_path / "a.sv", tmp_path)


def test_a_binary_file_is_a_fault_that_names_it(tmp_path):
    (tmp_path / "a.v").write_bytes(b"module a;\0\xff")
    with pytest.raises(Fault, match=r"a\.v: byte 9 is NUL"):
        read(tmp_path / "a.v", tmp_path)
