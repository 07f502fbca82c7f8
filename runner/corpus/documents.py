"""Documents of a folder: its files in, sections out."""

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.corpus.files import check_link, document_files, file_name, some
from runner.corpus.many_files import read_files
from runner.corpus.readers.choose import SUFFIXES, reader_of
from runner.corpus.readers.limited import LARGEST
from runner.corpus.reading import ReadingRules, reader_version
from runner.corpus.sectioning import Sectioning
from runner.data.file_digest import digest_or_reason
from runner.data.records import AtomicFact, Section
from runner.errors import Fault

SHOWN = 5  # faults of which all are told


@dataclass(frozen=True, kw_only=True)
class Documents:
    """The sections of all documents, with notes for people.

    `others` are further names of sections, see `Sectioning`. `left_out` has the reason for each document that can't be read.
    """

    sections: tuple[Section, ...]
    facts: tuple[AtomicFact, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def state(root: Path) -> list[list[str]]:
    """Return readers and files of `root`/documents, with digests."""
    home = root / "documents"
    files = document_files(home)
    libraries = {library for file in files.read for library in reader_of(file).libraries}
    digests = [[os.fsdecode(file.relative_to(home)), digest_or_reason(file)] for file in files.read]
    # What is not read is told, and a document may include a file of another format.
    digests += [[os.fsdecode(file.relative_to(home)), _digest_of_short(file)] for file in files.unread]
    digests += [[os.fsdecode(path.relative_to(home))] for path in (*files.hidden, *files.linked)]
    return [reader_version(sorted(libraries)), *digests]


def read_documents(root: Path, rules: ReadingRules) -> Documents:
    """Read the sections of all documents in `root`/documents.

    A file that can't be read is noted and left out, or is a Fault where reading is strict. Raise a Fault if nothing can be read.
    """
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder that holds documents/ and exam.jsonl")
    home = root / "documents"
    check_link(home, root)
    files = document_files(home)
    if not files.read:
        suffixes = sorted({file.suffix or file.name for file in files.unread})
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(suffixes) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    read, empty, faults = _read_each(files.read, root, rules)
    if not read:
        raise Fault("\n".join([*faults.values()][:SHOWN]))
    # One empty document is likely a draft, and the others can be used. If all are empty, something is wrong with the folder.
    if len(empty) == len(read):
        raise Fault(f"{home}: the documents hold no text ({some(empty)})")
    left_out = [f"left out: {fault}" for fault in faults.values()]
    if empty:
        left_out.append(f"documents without text: {some(empty)}")
    return Documents(
        sections=tuple(section for parts in read for section in parts.sections),
        facts=tuple(fact for parts in read for fact in parts.facts),
        others={name: ids for parts in read for name, ids in parts.others.items()},
        notes=(*left_out, *files.notes(home), *reading_notes(read, rules.longest)),
        left_out={unicodedata.normalize("NFC", file.relative_to(home).as_posix()): fault for file, fault in faults.items()},
    )


def _read_each(files: Sequence[Path], root: Path, rules: ReadingRules) -> tuple[list[Sectioning], list[str], dict[Path, str]]:
    """Return sections, empty files, and reasons for unreadable ones."""
    read, empty, faults = list[Sectioning](), list[str](), dict[Path, str]()
    for file, reading in zip(files, read_files(files, root, rules), strict=True):
        if reading.sectioning is None:
            if rules.strict:
                raise Fault(reading.fault)
            faults[file] = reading.fault
            continue
        if not reading.sectioning.sections:
            empty.append(file_name(file, root / "documents"))
        read.append(reading.sectioning)
    return read, empty, faults


def reading_notes(read: Sequence[Sectioning], longest: int) -> Iterator[str]:
    """Yield notes on what was read."""
    yield from (note for parts in read for note in parts.notes)
    if silent := [name for parts in read for name in parts.silent]:
        yield f"nothing but comments, pictures or links, so no sections: {some(silent)}"
    if cut := [name for parts in read for name in parts.cut]:
        yield f"sections of more than {longest} tokens were split: {some(cut)}"


def _digest_of_short(file: Path) -> str:
    """Return the digest of a file that may be included."""
    return digest_or_reason(file) if file.is_file() and file.stat().st_size <= LARGEST else ""
