"""Documents of a folder: its files in, sections out."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from runner.corpus.categories import TOP
from runner.corpus.readers.choose import SUFFIXES, is_read, read_document
from runner.corpus.sectioning import Sectioning, sections
from runner.data.file_digest import digest_or_reason
from runner.data.records import AtomicFact, Section
from runner.data.tables import check_regular
from runner.errors import Fault

# Raised when the same files give other sections.
VERSION = 3  # 3: long sections are split at the ends of sentences in any language
SHOWN = 5  # names in a note
# Folders that programs make beside the documents: archives of macOS, and what lies behind a dot.
BESIDE = {"__MACOSX"}


@dataclass(frozen=True, kw_only=True)
class ReadingRules:
    """Rules by which documents are read."""

    longest: int  # tokens of a section
    strict: bool  # a file that can't be read is a Fault
    category: str = TOP  # a rule, see `categories.category`


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


@dataclass(frozen=True)
class _Files:
    """The files of a folder, sorted."""

    read: tuple[Path, ...]
    unread: tuple[Path, ...]  # of formats that no reader reads
    hidden: tuple[Path, ...]
    linked: tuple[Path, ...]  # folders


def state(root: Path) -> list[list[object]]:
    """Return name and digest of each document in `root`/documents."""
    home = root / "documents"
    files: list[list[object]] = [[file.relative_to(home).as_posix(), digest_or_reason(file)] for file in _files(home).read]
    return [[VERSION], *files]


def read_documents(root: Path, reading: ReadingRules) -> Documents:
    """Read the sections of all documents in `root`/documents.

    A file that can't be read is noted and left out, or is a Fault where reading is strict. Raise a Fault if nothing can be read.
    """
    if not root.is_dir():
        raise Fault(f"corpus.path={root}: no such folder. Expected a folder that holds documents/ and exam.jsonl")
    home = root / "documents"
    _check_link(home, root)
    files = _files(home)
    if not files.read:
        suffixes = sorted({file.suffix or file.name for file in files.unread})
        raise Fault(
            f"{home} holds no document to read (found: {', '.join(suffixes) or 'nothing'}). "
            f"Expected files ending in {', '.join(sorted(SUFFIXES))}"
        )
    made, faults = _read_each(files.read, root, reading)
    if not made:
        raise Fault("\n".join([*faults.values()][:SHOWN]))
    # One empty document is likely a draft, and the others can be used. If all are empty, something is wrong with the folder.
    empty = [_name(file, home) for file, parts in made.items() if not parts.sections]
    if len(empty) == len(made):
        raise Fault(f"{home}: the documents hold no text ({_some(empty)})")
    notes = [*_left_out(files, home, empty, [*faults.values()]), *(note for parts in made.values() for note in parts.notes)]
    if silent := [name for parts in made.values() for name in parts.silent]:
        notes.append(f"nothing but comments, pictures or links, so no sections: {_some(silent)}")
    if cut := [name for parts in made.values() for name in parts.cut]:
        notes.append(f"sections of more than {reading.longest} tokens were split: {_some(cut)}")
    return Documents(
        sections=tuple(section for parts in made.values() for section in parts.sections),
        facts=tuple(fact for parts in made.values() for fact in parts.facts),
        others={name: ids for parts in made.values() for name, ids in parts.others.items()},
        notes=tuple(notes),
        left_out={unicodedata.normalize("NFC", file.relative_to(home).as_posix()): reason for file, reason in faults.items()},
    )


def _read_each(files: Sequence[Path], root: Path, reading: ReadingRules) -> tuple[dict[Path, Sectioning], dict[Path, str]]:
    """Read files; return sections and reasons for those without."""
    home, made, faults = root / "documents", {}, {}
    for file in files:
        try:
            _check_link(file, root)
            check_regular(file)
            made[file] = sections(PurePosixPath(_name(file, home)), read_document(file, home), reading.longest, reading.category)
        except Fault as fault:
            if reading.strict:
                raise
            faults[file] = str(fault)
    return made, faults


def _left_out(files: _Files, home: Path, empty: Sequence[str], faults: Sequence[str]) -> Iterator[str]:
    """Yield notes on what was not read."""
    yield from (f"left out: {fault}" for fault in faults)
    if empty:
        yield f"documents without text: {_some(empty)}"
    if files.linked:
        yield f"linked folders are not read: {_some([_name(path, home) for path in files.linked])}"
    if files.hidden:
        yield f"hidden files are not read: {_some([_name(path, home) for path in files.hidden])}"
    if files.unread:
        kinds = Counter(file.suffix.lower() or file.name for file in files.unread)
        total = len(files.unread) + len(files.read)
        listed = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        yield f"{len(files.unread)} of {total} files are of formats that are not read: {listed}"


def _some(names: Sequence[str]) -> str:
    """List the first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _files(home: Path) -> _Files:
    """List the files of a folder in reading order."""
    # Sorted, since the order of rglob differs from one file system to another, and labels would differ with it.
    paths = sorted(home.rglob("*"))
    linked = tuple(path for path in paths if path.is_symlink() and path.is_dir())
    read, unread, hidden = list[Path](), list[Path](), list[Path]()
    for path in paths:
        if not path.is_dir():
            kind = hidden if _is_hidden(path.relative_to(home)) else read if is_read(path) else unread
            kind.append(path)
    return _Files(tuple(read), tuple(unread), tuple(hidden), linked)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in BESIDE for part in path.parts)


def _name(file: Path, home: Path) -> str:
    """Return a file's name in ids."""
    # macOS writes accents as characters of their own, and exams are typed with one character for both.
    name = unicodedata.normalize("NFC", file.relative_to(home).as_posix())
    # A section is called by its file, and results hold only Unicode.
    if name.encode("utf-8", "ignore").decode() != name:
        raise Fault(f"{file}: the name is not UTF-8, so no result could hold it. Rename the file")
    return name


def _check_link(path: Path, root: Path) -> None:
    """Raise a Fault if a link leads elsewhere."""
    # The text of documents is sent to a teacher. A folder from somebody else must not choose files of this machine for that.
    # Exam and labels may be links: only rows with a question and an answer are read from them.
    if not path.is_symlink():
        return
    try:
        target = path.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise Fault(f"{path} is a link that leads nowhere ({error}). Remove it") from error
    if not target.is_relative_to(root.resolve()):
        raise Fault(
            f"{path} is a link out of the corpus, to {target}. Documents are sent to the teacher, so only those within "
            f"{root} are read. If you want this one, copy it there in place of the link. Otherwise remove the link"
        )
