"""Lines in, appended to a file that nobody rewrites.

Several processes may add lines to one file at once. A crash costs no line that was added before.
"""

import os
from pathlib import Path

BROKEN_OFF = b" # broken off"  # the end of a line that a crash left half written


def append_line(path: Path, text: str) -> None:
    """Add a line to a file; return when the disk has it."""
    line = text.encode("utf-8", "surrogatepass") + b"\n"
    # One write with O_APPEND, so that no line falls into that of another process.
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        # Half a line, as a crash leaves it, is marked and ended, so that it does not swallow this one.
        whole = not size or os.pread(descriptor, 1, size - 1) == b"\n"
        os.write(descriptor, line if whole else BROKEN_OFF + b"\n" + line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
