"""Archives that would fill the memory are refused before a library opens them."""

from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from runner.corpus.readers import office_archive
from runner.corpus.readers.office_archive import check_cells, opened
from runner.errors import Fault


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(office_archive, "LARGEST", 1 << 20)
    with ZipFile(tmp_path / "a.pptx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", bytes(1 << 21))
    assert (tmp_path / "a.pptx").stat().st_size < 1 << 12
    with pytest.raises(Fault, match=r"a\.pptx unpacks to .* bytes, more than .*leave it out"), opened(tmp_path / "a.pptx"):
        pass


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="XFD1048576"><v>2</v></c>',
        "<row r='9999999'><c r='AA1'/></row>",
        "<row><x:c/></row>" * 3000 + "<row>" + "<c/>" * 4000,
    ],
)
def test_a_sheet_of_too_many_cells_is_refused(tmp_path, cells):
    with ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData>{cells}</sheetData>")
    with pytest.raises(Fault, match=r"a\.xlsx: the sheet in xl/worksheets/sheet1\.xml reaches to about row .*Delete the cells"):
        check_cells(tmp_path / "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0 a password", b"PK\x03\x04 broken"])
def test_what_is_no_archive_is_a_fault_that_names_it(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Fault, match=r"a\.xlsx can't be read as XLSX: .*without a password"):
        check_cells(tmp_path / "a.xlsx")
