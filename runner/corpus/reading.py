"""A file in, its sections or a reason out."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from runner.corpus.categories import TOP
from runner.corpus.files import check_link, documents_home, file_name, shown
from runner.corpus.readers.choose import read_document, reader_of
from runner.corpus.sectioning import Sectioning, sections
from runner.data.file_digest import digest_or_reason
from runner.data.records import digest
from runner.data.text_file import check_regular
from runner.errors import Fault


@dataclass(frozen=True, kw_only=True)
class ReadingRules:
    """Rules by which documents are read."""

    longest: int  # tokens of a section
    strict: bool  # a file that can't be read is a Fault
    category: str = TOP  # a rule, see `categories.category`
    drop: bool = False  # boilerplate, see `repeated_text`


@dataclass(frozen=True, kw_only=True)
class FileReading:
    """A file's sections, or the reason why there are none."""

    sectioning: Sectioning | None = None
    fault: str = ""
    included: tuple[tuple[str, str], ...] = ()  # other files that were read with it, relative to the folder, with their digests

    def is_of_today(self, home: Path) -> bool:
        """Return True if the included files are as they were."""
        return all(digest_or_reason(home / name) == earlier for name, earlier in self.included)


COMMON = ("markdown-it-py", "sentencex")  # libraries that find sections and sentences in every format
READING = TypeAdapter(FileReading)  # to JSON and back; made once


def read_file(file: Path, root: Path, rules: ReadingRules) -> FileReading:
    """Read a file of a corpus folder."""
    home = documents_home(root)
    try:
        check_link(file, root)
        check_regular(file)
        document = read_document(file, home)
        made = sections(PurePosixPath(file_name(file, home)), document, rules.longest, rules.category)
    except Fault as fault:
        return FileReading(fault=shown(str(fault)))
    except Exception as error:  # of a library that a strange file confuses; the other files can still be read
        reader = reader_of(file).module
        reason = f"{file} can't be read: the reader {reader} failed with {error!r}. Save it again, or leave it out"
        return FileReading(fault=shown(reason))
    return FileReading(sectioning=made, included=tuple((name, digest_or_reason(home / name)) for name in document.included))


def reading_key(file: Path, home: Path, rules: ReadingRules) -> str:
    """Return the key of a file's reading.

    It changes with all that decides the reading, but for included files.
    """
    # Not with the folder's place: ids are relative to it.
    name, versions = os.fsdecode(file.relative_to(home)), reader_version(reader_of(file).libraries)
    return digest([versions, name, digest_or_reason(file), rules.longest, rules.category])


def reader_version(libraries: Sequence[str]) -> list[str]:
    """Return the versions of this program and of `libraries`."""
    return [_code(), *map(_installed, (*COMMON, *libraries))]


@cache
def _code() -> str:
    """Return the digest of this program's code that reads."""
    # Not a version number: who mends a reader must not have to think of it.
    package = Path(__file__).parents[1]
    beside = [file for kind in ("lua", "tex") for file in package.glob(f"corpus/readers/*.{kind}")]
    files = [*package.glob("corpus/**/*.py"), *beside, *package.glob("data/*.py")]
    code = sha256()
    for file in sorted(files):
        code.update(f"{file.relative_to(package)}\0".encode() + file.read_bytes())
    return code.hexdigest()


@cache
def _installed(library: str) -> str:
    """Return a library's version; empty if it is not installed."""
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return ""
