"""Digest of a file: a path in, the SHA-256 of its bytes out."""

import hashlib
from functools import cache
from pathlib import Path

from runner.data.text_file import check_regular
from runner.errors import Fault


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes. Raise a Fault if it can't be read."""
    check_regular(file)
    try:
        status = file.stat()
        return _cached_digest(str(file), status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def digest_or_reason(file: Path) -> str:
    """Return a file's digest, or why it can't be read."""
    # What is made of files is made again when the reason has gone.
    try:
        return file_digest(file)
    except Fault as fault:
        return str(fault)


@cache
def _cached_digest(file: str, size: int, modified: int) -> str:
    """Hash a file. Size and time of modification are part of the cache's key.

    A sweep asks for the state of its corpus once for each of its runs, so a large corpus must not be hashed each time.
    """
    with Path(file).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
