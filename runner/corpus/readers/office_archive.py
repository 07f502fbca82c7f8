"""Archives of Office, such as XLSX: a file in, its parts checked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812

from runner.data.tables import check_regular
from runner.errors import Fault

LARGEST = 1 << 29  # bytes of all parts together: a small file may unpack to a huge one
CELLS = 10_000_000  # of a sheet: a library holds all between the first and the last cell that is filled
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d+)["']""")


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
        raise Fault(f"{file} is no file of Office: {error}. Save it again, without a password, or leave it out") from error
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def check_cells(file: Path) -> None:
    """Raise a Fault if a sheet has too many cells."""
    with opened(file) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                # Each part is read to its end, so that a wrong size in the archive is noticed here.
                rows = columns = 1
                for letters, digits in set(_REFERENCE.findall(archive.read(name))) if "sheet" in name else ():
                    rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                if rows * columns > CELLS:
                    raise Fault(
                        f"{file}: the sheet in {name} reaches to row {rows:,} and column {columns:,}. At most {CELLS:,} cells "
                        "are read. Delete the cells far away from the others, or leave the file out"
                    )


def _column(letters: bytes) -> int:
    """Return the number of a column; A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
