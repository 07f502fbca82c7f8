"""A register description in OpenTitan's Hjson becomes sections, tables and facts."""

from pathlib import PurePosixPath

import pytest

from runner.corpus.readers.hjson import read
from runner.corpus.sectioning import sections
from runner.errors import Fault

UART = """
{
  name: "uart", human_name: "UART", one_line_desc: "Serial port"
  param_list: [{ name: "RxFifoDepth", desc: "Bytes in the RX FIFO", default: "64" }]
  registers: [
    { name: "CTRL", desc: "Control register", swaccess: "rw", fields: [
        { bits: "0", name: "TX", desc: "TX enable", resval: "1" }
        { bits: "9:8", name: "RXBLVL", desc: '''
              Trigger level for | breaks
              of the line.''', enum: [{ value: "0", name: "break2", desc: "2 characters" }] } ] }
    { skipto: "0x40" }
    { multireg: { name: "OUT", desc: "Outputs", count: "NOut", swaccess: "wo", fields: [{ bits: "7:0" }] } }
    { window: { name: "BUF", desc: "A buffer.", items: "1024", swaccess: "ro" } }
  ]
}
"""


@pytest.fixture
def uart(tmp_path):
    """The description as a document."""
    (tmp_path / "uart.hjson").write_text(UART)
    return read(tmp_path / "uart.hjson", tmp_path)


def test_every_register_is_a_section_with_its_fields_in_a_table(uart):
    found = {section.heading: section.text for section in sections(PurePosixPath("uart.hjson"), uart, 1500).sections}
    assert list(found) == ["UART", "Parameters", "CTRL", "OUT", "BUF"]
    assert "| 0 | TX | read/write | 1 | TX enable |" in found["CTRL"]
    assert "| 9:8 | RXBLVL | read/write |  | Trigger level for \\| breaks of the line. |" in found["CTRL"]
    assert "| 0 | break2 | 2 characters |" in found["CTRL"]
    assert "Access: write-only; Number: NOut" in found["OUT"]
    assert "| 7:0 | OUT | write-only |" in found["OUT"]


def test_what_the_tables_say_are_facts_of_their_sections(uart):
    facts = sections(PurePosixPath("uart.hjson"), uart, 1500).facts
    assert {fact.origin for fact in facts} == {"read"}
    assert [(fact.section, fact.text) for fact in facts][:7] == [
        ("uart.hjson#Parameters", "The parameter RxFifoDepth of uart has the default 64."),
        ("uart.hjson#Parameters", "The parameter RxFifoDepth of uart: Bytes in the RX FIFO."),
        ("uart.hjson#CTRL", "The register CTRL of uart: Control register."),
        ("uart.hjson#CTRL", "The register CTRL of uart is read/write."),
        ("uart.hjson#CTRL", "The field TX in the register CTRL of uart is bit 0."),
        ("uart.hjson#CTRL", "The field TX in the register CTRL of uart: TX enable."),
        ("uart.hjson#CTRL", "The field TX in the register CTRL of uart has the reset value 1."),
    ]
    texts = {fact.text for fact in facts}
    assert "The value 0 of the field RXBLVL in the register CTRL of uart means break2: 2 characters." in texts
    assert "The register BUF of uart exists 1024 times." in texts


def test_a_test_plan_has_its_testpoints_in_a_table(tmp_path):
    plan = '{"name": "uart", testpoints: [{name: "smoke", desc: "Send a byte", stage: "V1", tests: ["uart_smoke", "b"]}]}'
    (tmp_path / "plan.hjson").write_text(plan)
    document = read(tmp_path / "plan.hjson", tmp_path)
    assert "| smoke | V1 | uart_smoke, b | Send a byte |" in document.markdown
    assert "The testpoint smoke of uart has the stage V1." in [fact for _, fact in document.facts]


def test_another_file_is_kept_as_it_is(tmp_path):
    (tmp_path / "a.hjson").write_text("{\n  # seeds\n  seeds: 5\n}\n")
    assert read(tmp_path / "a.hjson", tmp_path).markdown == "{\n  # seeds\n  seeds: 5\n}\n"


def test_a_file_that_is_no_hjson_is_a_fault_that_names_it(tmp_path):
    (tmp_path / "a.hjson").write_text("{name: [")
    with pytest.raises(Fault, match=r"a\.hjson is not Hjson: .*line 1"):
        read(tmp_path / "a.hjson", tmp_path)


def test_registers_may_stand_by_interface_and_null_is_no_value(tmp_path):
    registers = '{core: [{name: "CTRL", desc: "Control", resval: null}], mem: [{name: "DATA", desc: "Words"}]}'
    (tmp_path / "rom.hjson").write_text(f'{{"name": "rom", registers: {registers}, param_list: [{{name: "P", local: true}}]}}')
    document = read(tmp_path / "rom.hjson", tmp_path)
    assert [line for line in document.markdown.split("\n") if line.startswith("## ")] == ["## Parameters", "## CTRL", "## DATA"]
    assert [fact for _, fact in document.facts] == ["The register CTRL of rom: Control.", "The register DATA of rom: Words."]
