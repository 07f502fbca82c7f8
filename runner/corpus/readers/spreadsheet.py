"""XLSX: a workbook in, a section with a table for each sheet out."""

from datetime import date, datetime
from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.office_archive import check_cells
from runner.corpus.readers.sheet import sheet
from runner.errors import Fault


def read(file: Path, home: Path) -> Document:
    """Read the sheets that are not hidden.

    Not by pandoc, which writes dates as numbers. Of a formula, the value that the program saved is read. Raise a Fault if the
    file can't be read.
    """
    with needed(file, "python-calamine"):
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
    check_cells(file)
    lines, places, hidden = list[str](), list[tuple[int, str]](), list[str]()
    try:
        with CalamineWorkbook.from_path(str(file)) as workbook:
            for part in workbook.sheets_metadata:
                if part.typ != SheetTypeEnum.WorkSheet:
                    continue
                if part.visible != SheetVisibleEnum.Visible:
                    hidden.append(part.name)
                    continue
                rows = workbook.get_sheet_by_name(part.name).to_python()
                places.append((len(lines), f"sheet {part.name}"))
                lines += [f"## {' '.join(part.name.split())}", "", *sheet([[_text(cell) for cell in row] for row in rows]), ""]
    except (CalamineError, ValueError, OSError) as error:
        raise Fault(f"{file} can't be read as XLSX: {error}. Save it again, without a password, or leave it out") from error
    notes = (f"{file.name}: hidden sheets are not read: {', '.join(hidden)}",) if hidden else ()
    return Document(markdown="\n".join(lines), places=tuple(places), notes=notes)


def _text(cell: object) -> str:
    """Return a value as a person would write it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
