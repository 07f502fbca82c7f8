"""Files of limited size: a file in, its text out."""

from pathlib import Path

from runner.data.text_file import check_regular, read_text
from runner.errors import Fault

LARGEST = 1 << 25  # bytes: what is larger is made by a program, such as a netlist, and a parser takes 50 times as much memory


def limited_text(file: Path) -> str:
    """Read a UTF-8 text file of at most LARGEST bytes.

    Raise a Fault if it is larger, or can't be read.
    """
    check_size(file)
    return read_text(file)


def check_size(file: Path) -> None:
    """Raise a Fault if a file is larger than LARGEST."""
    check_regular(file)
    size = file.stat().st_size
    if size > LARGEST:
        raise Fault(
            f"{file} has {size:,} bytes. Of {file.suffix.lower()} files, those of up to {LARGEST:,} bytes are read, since larger "
            "ones are mostly made by a program. Split it, or leave it out"
        )
