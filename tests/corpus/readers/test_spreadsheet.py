"""Each sheet of a workbook is a section with a table."""

from pathlib import PurePosixPath
from zipfile import ZipFile

import pytest

from runner.corpus.readers.spreadsheet import read
from runner.corpus.sectioning import sections
from runner.errors import Fault

OFFICE = "http://schemas.openxmlformats.org"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE = "application/vnd.openxmlformats-package.relationships+xml"


def workbook(file, **sheets):
    """Write a workbook with rows of XML for each sheet; a name in capitals is hidden."""
    kind = f"{OFFICE}/officeDocument/2006/relationships"
    with ZipFile(file, "w") as archive:
        parts = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{SHEET}.worksheet+xml"/>' for name in sheets)
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="{PACKAGE}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>{parts}</Types>',
        )
        around = f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{{}}</Relationships>'
        archive.writestr(
            "_rels/.rels", around.format(f'<Relationship Id="r" Type="{kind}/officeDocument" Target="xl/workbook.xml"/>')
        )
        links = "".join(f'<Relationship Id="{name}" Type="{kind}/worksheet" Target="{name}.xml"/>' for name in sheets)
        archive.writestr("xl/_rels/workbook.xml.rels", around.format(links))
        listed = "".join(
            f'<sheet name="{name}" sheetId="{at}" state="{"hidden" if name.isupper() else "visible"}" r:id="{name}"/>'
            for at, name in enumerate(sheets, 1)
        )
        names = f'xmlns="{OFFICE}/spreadsheetml/2006/main" xmlns:r="{kind}"'
        archive.writestr("xl/workbook.xml", f"<workbook {names}><sheets>{listed}</sheets></workbook>")
        for name, rows in sheets.items():
            archive.writestr(f"xl/{name}.xml", f"<worksheet {names}><sheetData>{rows}</sheetData></worksheet>")
    return file


def text(place, value):
    """A cell with a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def test_each_visible_sheet_is_a_section(tmp_path):
    pins = f'<row r="1">{text("B1", "Pins of the part")}</row>'
    pins += f'<row r="3">{text("B3", "Pin")}{text("D3", "Volts")}{text("E3", "In")}</row>'
    pins += f'<row r="5">{text("B5", "TX")}<c r="D5"><f>1+2</f><v>3</v></c><c r="E5" t="b"><v>1</v></c></row>'
    pins += f'<row r="6">{text("B6", "RX")}<c r="D6"><v>1.8</v></c></row>'
    document = read(workbook(tmp_path / "a.xlsx", Pins=pins, Empty="", HIDDEN=pins), tmp_path)
    (section,) = sections(PurePosixPath("a.xlsx"), document, 1500).sections
    assert (section.id, section.place) == ("a.xlsx#Pins", "sheet Pins")
    assert section.text.split("\n") == [
        "Pins of the part",
        "",
        "| Pin | Volts | In |",
        "|---|---|---|",
        "| TX | 3 | TRUE |",
        "| RX | 1.8 |  |",
    ]
    assert document.notes == ("a.xlsx: hidden sheets are not read: HIDDEN",)


def test_a_workbook_that_would_fill_the_memory_is_a_fault(tmp_path):
    file = workbook(tmp_path / "a.xlsx", Pins='<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>')
    with pytest.raises(Fault, match=r"a\.xlsx: the sheet in xl/Pins\.xml reaches to about row 1,048,576"):
        read(file, tmp_path)


def test_a_workbook_without_its_sheets_is_a_fault_that_names_it(tmp_path):
    with ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets>")
    with pytest.raises(Fault, match=r"a\.xlsx can't be read as XLSX: .*leave it out"):
        read(tmp_path / "a.xlsx", tmp_path)
