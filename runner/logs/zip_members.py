"""A zip archive in, the bytes of its members out.

`zipfile` reads no Zstandard before Python 3.14, but inspect_ai compresses its logs with it.
"""

import zipfile
from pathlib import Path
from struct import Struct
from typing import BinaryIO
from zlib import crc32
from zlib import error as DeflateError  # noqa: N812

import pyarrow as pa

from runner.errors import InvalidInput

ZSTANDARD = 93  # the method's number in APPNOTE.TXT, which defines the format
LOCAL_HEADER = Struct("<26xHH")  # of a member: the lengths of its name and of its extra field end it


class Archive:
    """The members of an open zip archive, by name."""

    def __init__(self, file: Path) -> None:
        """Open the archive; raise InvalidInput if it is damaged."""
        self.file = file
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise InvalidInput(f"{file} is a damaged zip archive ({error}). Copy it again, or log again") from error
        # A log that was continued may hold a name twice. As in zipfile, the last one counts.
        self.names = list(dict.fromkeys(self._archive.namelist()))

    def __enter__(self) -> "Archive":
        """Return the open archive."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the archive."""
        self._archive.close()

    def read(self, name: str) -> bytes:
        """Return a member's content; raise InvalidInput if damaged."""
        member = self._archive.getinfo(name)
        try:
            if member.compress_type != ZSTANDARD:
                return self._archive.read(member)
            with self.file.open("rb") as raw:
                return _decompressed(raw, member)
        # What zlib, lzma, zipfile and Arrow raise for damaged content, and for methods that they don't know.
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, DeflateError) as error:
            raise InvalidInput(f"{self.file}: {name} can't be read ({error}). Copy the file again, or log again") from error


def _decompressed(raw: BinaryIO, member: zipfile.ZipInfo) -> bytes:
    raw.seek(member.header_offset)
    name, extra = LOCAL_HEADER.unpack(raw.read(LOCAL_HEADER.size))
    raw.seek(name + extra, 1)
    content = pa.BufferReader(raw.read(member.compress_size))
    with pa.CompressedInputStream(content, "zstd") as stream:
        # No more than the directory states: a few bytes can be made to expand without end.
        text: bytes = stream.read(member.file_size)
    if len(text) != member.file_size or crc32(text) != member.CRC:
        raise ValueError(f"it has {len(text)} bytes, or other bytes, where {member.file_size} belong")
    return text
