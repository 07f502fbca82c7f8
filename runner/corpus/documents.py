"""Documents of a folder: its files in, sections out."""

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.corpus.document_report import DocumentReport, report
from runner.corpus.files import check_link, document_files, documents_home, shown, shown_name, some
from runner.corpus.many_files import read_files
from runner.corpus.readers.choose import SUFFIXES, reader_of
from runner.corpus.readers.limited import LARGEST
from runner.corpus.reading import ReadingRules, reader_version
from runner.corpus.references import is_selected
from runner.corpus.repeated_text import without
from runner.corpus.sectioning import Sectioning
from runner.data.file_digest import digest_or_reason
from runner.data.records import AtomicFact, Section
from runner.errors import Fault

LEFT_OUT = "left out: "  # begins the note on a document that could not be read
SHOWN = 5  # notes of one kind


@dataclass(frozen=True, kw_only=True)
class Documents:
    """The sections of all documents, with notes for people.

    `others` are further names of sections, see `Sectioning`. `left_out` has the reason for each document that can't be read.
    """

    sections: tuple[Section, ...]
    facts: tuple[AtomicFact, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()  # the whole lists behind the notes: kind, text
    left_out: Mapping[str, str] = field(default_factory=dict)


def state(root: Path) -> list[list[str]]:
    """Return readers and files of a corpus folder, with digests."""
    home = documents_home(root)
    files = document_files(root)
    libraries = {library for file in files.read for library in reader_of(file).libraries}
    digests = [[os.fsdecode(file.relative_to(home)), digest_or_reason(file)] for file in files.read]
    # What is not read is told, and a document may include a file of another format.
    digests += [[os.fsdecode(file.relative_to(home)), _digest_of_short(file)] for file in files.unread]
    digests += [[os.fsdecode(path.relative_to(home))] for path in (*files.hidden, *files.linked, *files.closed)]
    return [reader_version(sorted(libraries)), *digests]


def read_documents(root: Path, rules: ReadingRules, patterns: Sequence[str] = ()) -> Documents:
    """Read the sections of all documents in a corpus folder.

    A file that can't be read is left out. If `patterns` select it, that is noted, or is a Fault where reading is strict. Raise a
    Fault if nothing can be read.
    """
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder of documents")
    home = documents_home(root)
    check_link(home, root)
    files = document_files(root)
    if not files.read:
        suffixes = sorted({shown(file.suffix or file.name) for file in files.unread})
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(suffixes) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    read, empty, faults = _read_each(files.read, root, rules, patterns)
    if not read:
        raise Fault("\n".join([*faults.values()][:SHOWN]))
    # One empty document is likely a draft, and the others can be used. If all are empty, something is wrong with the folder.
    if len(empty) == len(read):
        raise Fault(f"{home}: the documents hold no text ({some(empty)})")
    missed = [f"{LEFT_OUT}{fault}" for file, fault in faults.items() if is_selected(shown_name(file, home), patterns)]
    notes = [*_first(missed, "documents can't be read")]
    if empty:
        notes.append(f"documents without text: {some(empty)}")
    remarks = [("not read", fault) for fault in faults.values()] + [("not read", f"{name}: without text") for name in empty]
    whole = report([section for parts in read for section in parts.sections], [fact for parts in read for fact in parts.facts])
    sections = {section.id: section for section in _kept(read, whole, rules)}
    return Documents(
        sections=tuple(sections.values()),
        facts=tuple(fact for parts in read for fact in parts.facts if fact.section in sections),
        others=_others(read, sections),
        notes=(*notes, *files.notes(home), *reading_notes(read, rules.longest), *whole.notes(rules.drop)),
        remarks=(*remarks, *files.remarks(home), *reading_remarks(read), *whole.remarks()),
        left_out={shown_name(file, home): fault for file, fault in faults.items()},
    )


def _read_each(
    files: Sequence[Path], root: Path, rules: ReadingRules, patterns: Sequence[str]
) -> tuple[list[Sectioning], list[str], dict[Path, str]]:
    """Return sections, empty files, and reasons for unreadable ones."""
    read, empty, faults = list[Sectioning](), list[str](), dict[Path, str]()
    home, names = documents_home(root), set[str]()
    for file, reading in zip(files, read_files(files, root, rules), strict=True):
        name = shown_name(file, home)
        # Their sections would have the same ids.
        fault = f"{file}: another file has this name, with its accents in another form. Rename it" if name in names else ""
        names.add(name)
        if (fault := reading.fault or fault) or reading.sectioning is None:
            if rules.strict and is_selected(name, patterns):
                raise Fault(fault)
            faults[file] = fault
            continue
        if not reading.sectioning.sections:
            empty.append(name)
        read.append(reading.sectioning)
    return read, empty, faults


def _kept(read: Sequence[Sectioning], whole: DocumentReport, rules: ReadingRules) -> Iterable[Section]:
    """Return all sections, or those with text beside boilerplate."""
    sections = [section for parts in read for section in parts.sections]
    return without(sections, whole.boilerplate) if rules.drop else sections


def _others(read: Sequence[Sectioning], sections: Container[str]) -> dict[str, tuple[str, ...]]:
    """Return further names of the sections that are kept."""
    named = {name: tuple(key for key in ids if key in sections) for parts in read for name, ids in parts.others.items()}
    return {name: ids for name, ids in named.items() if ids}


def _first(notes: Sequence[str], rest: str) -> Iterator[str]:
    """Yield the first notes and the number of the others."""
    yield from notes[:SHOWN]
    if len(notes) > SHOWN:
        yield f"{len(notes) - SHOWN} further {rest}; run.py --sections and the artifact documents list them"


def reading_remarks(read: Sequence[Sectioning]) -> Iterator[tuple[str, str]]:
    """Yield the whole lists behind `reading_notes`."""
    for parts in read:
        yield from (("read with a fault", note) for note in parts.notes)
        yield from (("no section", f"{name}: comments, pictures or links alone") for name in parts.silent)
        yield from (("split", name) for name in parts.cut)


def reading_notes(read: Sequence[Sectioning], longest: int) -> Iterator[str]:
    """Yield notes on what was read."""
    yield from _first([note for parts in read for note in parts.notes], "notes on single documents")
    if silent := [name for parts in read for name in parts.silent]:
        yield f"nothing but comments, pictures or links, so no sections: {some(silent)}"
    if cut := [name for parts in read for name in parts.cut]:
        yield f"sections of more than {longest} tokens were split: {some(cut)}"


def _digest_of_short(file: Path) -> str:
    """Return the digest of a file that may be included."""
    return digest_or_reason(file) if file.is_file() and file.stat().st_size <= LARGEST else ""
