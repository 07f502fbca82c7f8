"""Files of a folder of documents: the folder in, its files by kind out."""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.corpus.readers.choose import is_read
from runner.data.own_folders import is_own
from runner.data.tables import table_files
from runner.errors import Fault

SHOWN = 5  # names in a note
# Folders that programs make beside the documents: archives of macOS, and what lies behind a dot.
BESIDE = {"__MACOSX"}
HIDDEN = (".", "~$")  # begins the names of hidden files, and of those that Word writes while it has a document open
TABLES = ("exam", "labels", "grades", "preferences")  # what people may write beside the documents
TRACKED, RECORDED = "mlruns", "recorded"  # folders beside the documents: of MLflow, and of a teacher's recorded replies


@dataclass(frozen=True)
class DocumentFiles:
    """The files of a folder, each kind in reading order."""

    read: tuple[Path, ...]
    unread: tuple[Path, ...]  # of formats that no reader reads
    hidden: tuple[Path, ...]
    linked: tuple[Path, ...]  # folders
    closed: tuple[Path, ...] = ()  # folders that this user may not read
    output: tuple[Path, ...] = ()  # folders of this program, with labels, models, exams, recordings or results

    def notes(self, home: Path) -> Iterator[str]:
        """Yield notes on what is not read."""
        if self.linked:
            yield f"linked folders are not read: {some([shown_name(path, home) for path in self.linked])}"
        if self.closed:
            closed = some([shown_name(path, home) for path in self.closed])
            yield f"folders that can't be read (check their permissions): {closed}"
        if self.output:
            output = some([shown_name(path, home) for path in self.output])
            yield f"folders with output of this program are not read as documents: {output}"
        if self.hidden:
            yield f"hidden files are not read: {some([shown_name(path, home) for path in self.hidden])}"
        if self.unread:
            kinds = Counter(shown(file.suffix.lower() or file.name) for file in self.unread)
            total = len(self.unread) + len(self.read)
            listed = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
            yield f"{len(self.unread)} of {total} files are of formats that are not read: {listed}"

    def remarks(self, home: Path) -> Iterator[tuple[str, str]]:
        """Yield the name of each, with the reason."""
        yield from (("not read", f"{shown_name(path, home)}: a linked folder") for path in self.linked)
        yield from (("not read", f"{shown_name(path, home)}: a folder without permission") for path in self.closed)
        yield from (("not read", f"{shown_name(path, home)}: a folder with output of this program") for path in self.output)
        yield from (("not read", f"{shown_name(path, home)}: hidden") for path in self.hidden)
        yield from (("not read", f"{shown_name(path, home)}: no reader for such files") for path in self.unread)


def documents_home(root: Path) -> Path:
    """Return `root`/documents, or else the whole folder."""
    home = root / "documents"
    return home if home.exists() or home.is_symlink() else root


def document_files(root: Path) -> DocumentFiles:
    """List the files of a corpus that may be documents."""
    home = documents_home(root)
    beside = {file.relative_to(root).parts[0] for stem in TABLES for file in table_files(root, stem)}
    left_out = {home / name for name in beside} if home == root else set[Path]()
    paths, linked, closed, output = list[Path](), list[Path](), list[Path](), list[Path]()
    # Not rglob, which says nothing of a folder that it can't read.
    for folder, folders, files in os.walk(home, onerror=lambda error: closed.append(Path(error.filename))):
        # What is written beside the documents by one run must not be a document of the next.
        if _is_output(Path(folder), files, root, home):
            output.append(Path(folder))
            folders.clear()
            continue
        folders[:] = [name for name in folders if Path(folder, name) not in left_out]
        paths += (path for name in files if (path := Path(folder, name)) not in left_out)
        linked += (path for name in folders if (path := Path(folder, name)).is_symlink() and path != root / TRACKED)
    read, unread, hidden = list[Path](), list[Path](), list[Path]()
    # Sorted, since the order differs from one file system to another, and labels would differ with it.
    for path in sorted(paths):
        kind = hidden if _is_hidden(path.relative_to(home)) else read if is_read(path) else unread
        kind.append(path)
    beside_documents = (tuple(sorted(folders)) for folders in (linked, closed, output))
    return DocumentFiles(tuple(read), tuple(unread), tuple(hidden), *beside_documents)


def file_name(file: Path, home: Path) -> str:
    """Return a file's name in ids."""
    # macOS writes accents as characters of their own, and exams are typed with one character for both.
    name = unicodedata.normalize("NFC", file.relative_to(home).as_posix())
    # A section is called by its file, and results hold only Unicode.
    if name.encode("utf-8", "ignore").decode() != name:
        raise Fault(f"{file}: the name is not UTF-8, so no result could hold it. Rename the file")
    return name


def shown_name(path: Path, home: Path) -> str:
    """Return a name for messages, whatever its bytes are."""
    return unicodedata.normalize("NFC", shown(os.fspath(path.relative_to(home))))


def shown(text: str) -> str:
    """Mark each byte of file names that is not UTF-8."""
    return os.fsencode(text).decode("utf-8", "replace")


def check_link(path: Path, root: Path) -> None:
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


def some(names: Sequence[str]) -> str:
    """List the first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _is_output(folder: Path, files: Sequence[str], root: Path, home: Path) -> bool:
    """Return True if this program wrote the folder."""
    if folder == home:  # somebody chose it
        return False
    recorded = folder == root / RECORDED and any(name.endswith(".jsonl") for name in files)
    return folder == root / TRACKED or recorded or is_own(folder)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(HIDDEN) or part in BESIDE for part in path.parts)
