"""IP-XACT of every version becomes tables and facts; nothing else is read."""

import pytest

from runner.corpus.readers.choose import is_read
from runner.corpus.readers.ip_xact import read
from runner.errors import Fault

# As Kactus2 and PeakRDL write it.
NEW = """<?xml version="1.0"?>
<ipxact:component xmlns:ipxact="http://www.accellera.org/XMLSchema/IPXACT/1685-2014">
<ipxact:name>uart</ipxact:name><ipxact:description>A serial port.</ipxact:description>
<ipxact:memoryMaps><ipxact:memoryMap><ipxact:name>map</ipxact:name><ipxact:addressBlock><ipxact:name>regs</ipxact:name>
<ipxact:baseAddress>'h100</ipxact:baseAddress><ipxact:range>64</ipxact:range><ipxact:width>32</ipxact:width>
<ipxact:register><ipxact:name>CTRL</ipxact:name><!-- a comment --><ipxact:dim>2</ipxact:dim>
<ipxact:addressOffset>0x10</ipxact:addressOffset><ipxact:size>32</ipxact:size><ipxact:access>read-write</ipxact:access>
<ipxact:field><ipxact:name>MODE</ipxact:name><ipxact:description>The mode.</ipxact:description>
<ipxact:bitOffset>4</ipxact:bitOffset>
<ipxact:resets><ipxact:reset><ipxact:value>'h1</ipxact:value></ipxact:reset></ipxact:resets><ipxact:bitWidth>2</ipxact:bitWidth>
<ipxact:access>read-only</ipxact:access><ipxact:enumeratedValues><ipxact:enumeratedValue><ipxact:name>fast</ipxact:name>
<ipxact:value>1</ipxact:value></ipxact:enumeratedValue></ipxact:enumeratedValues></ipxact:field></ipxact:register>
<ipxact:registerFile><ipxact:name>CH</ipxact:name><ipxact:addressOffset>32</ipxact:addressOffset>
<ipxact:register><ipxact:name>LEN</ipxact:name><ipxact:addressOffset>4</ipxact:addressOffset></ipxact:register></ipxact:registerFile>
</ipxact:addressBlock></ipxact:memoryMap></ipxact:memoryMaps>
<ipxact:model><ipxact:ports><ipxact:port><ipxact:name>data_o</ipxact:name><ipxact:wire><ipxact:direction>out</ipxact:direction>
<ipxact:vectors><ipxact:vector><ipxact:left>p1-1</ipxact:left><ipxact:right>0</ipxact:right></ipxact:vector></ipxact:vectors>
</ipxact:wire></ipxact:port></ipxact:ports></ipxact:model>
<ipxact:parameters><ipxact:parameter parameterId="p1"><ipxact:name>WIDTH</ipxact:name><ipxact:value>8</ipxact:value>
</ipxact:parameter></ipxact:parameters></ipxact:component>"""
OLD = """<spirit:component xmlns:spirit="http://www.spiritconsortium.org/XMLSchema/SPIRIT/1.4"><spirit:name>dma</spirit:name>
<spirit:memoryMaps><spirit:memoryMap><spirit:addressBlock><spirit:baseAddress>0</spirit:baseAddress><spirit:register>
<spirit:name>ID</spirit:name><spirit:addressOffset>0x8</spirit:addressOffset><spirit:reset><spirit:value>0x42</spirit:value>
</spirit:reset><spirit:field><spirit:name>V</spirit:name><spirit:bitOffset>0</spirit:bitOffset><spirit:bitWidth>1</spirit:bitWidth>
</spirit:field></spirit:register></spirit:addressBlock></spirit:memoryMap></spirit:memoryMaps></spirit:component>"""


def facts(tmp_path, text):
    """The facts of a file."""
    (tmp_path / "a.xml").write_text(text)
    return [fact for _, fact in read(tmp_path / "a.xml", tmp_path).facts]


def test_registers_fields_ports_and_parameters_are_facts(tmp_path):
    assert facts(tmp_path, NEW) == [
        "The parameter WIDTH of uart has the value 8.",
        "The port data_o of uart has the direction out.",
        "The port data_o of uart has the bits WIDTH-1:0.",
        "The address block regs of uart has the base address 'h100.",
        "The address block regs of uart has the range 64.",
        "The address block regs of uart has the width 32.",
        "The register CTRL of uart is at offset 0x110.",
        "The register CTRL of uart is read-write.",
        "The register CTRL of uart exists 2 times.",
        "The field MODE in the register CTRL of uart is bits 5:4.",
        "The field MODE in the register CTRL of uart: The mode.",
        "The field MODE in the register CTRL of uart is read-only.",
        "The field MODE in the register CTRL of uart has the reset value 'h1.",
        "The value 1 of the field MODE in the register CTRL of uart means fast.",
        "The register CH.LEN of uart is at offset 0x124.",
    ]


def test_spirit_1_4_is_read_too(tmp_path):
    assert facts(tmp_path, OLD)[-3:] == [
        "The register ID of dma is at offset 0x8.",
        "The register ID of dma has the reset value 0x42.",
        "The field V in the register ID of dma is bit 0.",
    ]


def test_other_xml_is_not_read(tmp_path):
    for name, text in (("a.xml", OLD), ("b.xml", "<svg/>"), ("c.xml", "")):
        (tmp_path / name).write_text(text)
    (tmp_path / "d.xml").write_text(NEW.replace('"1.0"', '"1.0" encoding="UTF-16"'), encoding="utf-16")
    assert [is_read(tmp_path / f"{name}.xml") for name in "abcd"] == [True, False, False, True]
    assert "A serial port." in read(tmp_path / "d.xml", tmp_path).markdown


@pytest.mark.parametrize("entity", ['<!ENTITY x SYSTEM "secret.txt">', '<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;&a;">'])
def test_entities_are_refused(tmp_path, entity):
    (tmp_path / "secret.txt").write_text("A password.")
    text = f"<!DOCTYPE c [{entity}]>" + OLD.replace("dma", "&x;")
    with pytest.raises(Fault, match=r"a\.xml has a DOCTYPE, .*Remove it"):
        facts(tmp_path, text)


@pytest.mark.parametrize("text", [OLD[:-30], OLD + "\0", "<a>" * 5000 + OLD, ""])
def test_a_broken_file_is_a_fault_that_names_it(tmp_path, text):
    with pytest.raises(Fault, match=r"a\.xml can't be read as XML: .*leave it out"):
        facts(tmp_path, text)
