"""Formats that pandoc reads: a file in, its text as Markdown out."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.includes import DIRECTIVES, with_included
from runner.corpus.readers.installed import needed
from runner.corpus.readers.latex_tables import plain_tables
from runner.corpus.readers.limited import check_size
from runner.corpus.readers.office_archive import opened
from runner.corpus.readers.rst_marks import plain_links, plain_marks
from runner.data.text_file import read_bytes
from runner.errors import Fault

# pandoc's name of each suffix.
FORMATS: Mapping[str, str] = {
    ".docx": "docx",
    ".odt": "odt",
    ".epub": "epub",
    ".rtf": "rtf",
    ".rst": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".asc": "asciidoc",
    ".tex": "latex",
    ".org": "org",
    ".ipynb": "ipynb",
    ".textile": "textile",
    ".mediawiki": "mediawiki",
    ".dbk": "docbook",
    ".typ": "typst",
}
ARCHIVES = {"docx", "odt", "epub"}
FILTER = Path(__file__).with_name("pandoc.lua")
SECONDS = 120  # for one file
MEMORY = "2g"  # that pandoc may take: a small file may unpack to a huge one


def read(file: Path, home: Path) -> Document:
    """Read a file by pandoc. Raise a Fault if it can't be read."""
    kind = FORMATS[file.suffix.lower()]
    if kind in ARCHIVES:
        # Its parts are counted first: a small file may unpack to a huge one.
        with opened(file):
            pass
    else:
        check_size(file)
    content = read_bytes(file)
    if kind not in DIRECTIVES:
        return convert(file, kind, content)
    # In its sandbox pandoc finds no other file. An AsciiDoc file that includes one would not be read at all.
    # Windows ends lines otherwise, and the rules for titles and directives read whole lines.
    source = content.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    whole = with_included(source, file, home, kind)
    text = "\n".join(whole.lines)
    if kind == "latex":
        document = _converted(file, kind, plain_tables(text))
    elif kind == "rst":
        document = _rst(file, plain_marks(text))
    else:
        document = _converted(file, kind, text)
    return replace(document, included=tuple(whole.files), notes=whole.notes(file))


def _converted(file: Path, kind: str, text: str) -> Document:
    return convert(file, kind, text.encode("utf-8", "surrogateescape"))


def _rst(file: Path, text: str) -> Document:
    """Convert reStructuredText."""
    try:
        return _converted(file, "rst", text)
    except Fault:
        # pandoc refuses a whole document for a link such as `port <n> <#ports>`_.
        if (plain := plain_links(text)) == text:
            raise
        return _converted(file, "rst", plain)


def convert(file: Path, kind: str, content: bytes) -> Document:
    """Convert a file's content, in one of pandoc's formats.

    It runs in pandoc's sandbox: a document can't make it read another file. Raise a Fault if the content can't be read, or if
    this takes more than SECONDS or MEMORY.
    """
    # Markdown without HTML: its tables have a row a line.
    command = [_pandoc(file), f"--from={kind}", "--to=gfm-raw_html", "--wrap=none", f"--lua-filter={FILTER}", "--sandbox"]
    command += ["+RTS", f"-M{MEMORY}", "-RTS"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Fault(f"{file}: pandoc has not read it after {SECONDS} s. Split the file, or leave it out") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit status {done.returncode}"
        raise Fault(f"{file}: pandoc can't read it as {kind}: {reason}. Save it again, or leave it out")
    # Lines of the result are not lines of the file, so the headings alone say where a text stands.
    return Document(markdown=done.stdout.decode("utf-8"), places=((0, ""),))


def _pandoc(file: Path) -> str:
    """Return the path of pandoc, which comes with a package."""
    with needed(file, "pandoc"):
        import pypandoc
    return str(pypandoc.get_pandoc_path())
