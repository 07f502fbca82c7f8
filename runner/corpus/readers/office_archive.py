"""Archives of Office, such as XLSX: a file in, its parts checked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812

from runner.data.text_file import check_regular
from runner.errors import Fault

LARGEST = 1 << 29  # bytes of all parts together: a small file may unpack to a huge one
CELLS = 10_000_000  # of a sheet: a library holds all between the first and the last cell that is filled
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d+)["']""")
_ROW = re.compile(rb"<(?:\w{1,40}:)?row(?=[\s/>])")
# Rows and cells without a place of their own follow the one before.
_NEXT_ROW, _NEXT_CELL = (re.compile(rb"<(?:\w{1,40}:)?%s(?=[\s/>])(?![^>]{0,200}\br\s*=)" % name) for name in (b"row", b"c"))


@contextmanager
def opened(file: Path) -> Iterator[ZipFile]:
    """Open an archive.

    Raise a Fault if it is none, is broken, or holds more than LARGEST bytes. A file with a password is none.
    """
    check_regular(file)
    try:
        with ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > LARGEST:
                raise Fault(
                    f"{file} unpacks to {size:,} bytes, more than the {LARGEST:,} that are read. Split it, or leave it out"
                )
            yield archive
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        kind = file.suffix[1:].upper()
        raise Fault(f"{file} can't be read as {kind}: {error}. Save it again, without a password, or leave it out") from error
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def check_cells(file: Path) -> None:
    """Raise a Fault if a sheet has too many cells."""
    with opened(file) as archive:
        for name in archive.namelist():
            # Every part, since a sheet may have any name. Each is read to its end, so a wrong size is noticed here too.
            rows, columns = _reach(archive.read(name).replace(b"\0", b""))  # UTF-16 has NULs
            if rows * columns > CELLS:
                raise Fault(
                    f"{file}: the sheet in {name} reaches to about row {rows:,} and column {columns:,}. At most {CELLS:,} cells "
                    "are read. Delete the cells far away from the others, or leave the file out"
                )


def _reach(content: bytes) -> tuple[int, int]:
    """Return the most rows and columns that a sheet has."""
    placed = set(_REFERENCE.findall(content))
    rows = max((int(digits[:9]) for _, digits in placed), default=0) + len(_NEXT_ROW.findall(content))
    columns = max((_column(letters) for letters, _ in placed), default=0)
    return rows, columns + max(len(_NEXT_CELL.findall(row)) for row in _ROW.split(content))


def _column(letters: bytes) -> int:
    """Return the number of a column; A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
