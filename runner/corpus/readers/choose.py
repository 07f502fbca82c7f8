"""Choice of a reader: a file in, its text out."""

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from runner.corpus.readers import Document, DocumentReader
from runner.corpus.readers.ip_xact import is_ip_xact
from runner.corpus.readers.pandoc import FORMATS

# The suffixes of each module. A module is imported when a file needs it, since some take seconds or an extra.
MODULES: Mapping[str, tuple[str, ...]] = {
    "c_header": (".h",),
    "delimited": (".csv", ".tsv"),
    "hjson": (".hjson",),
    "html": (".html", ".htm", ".xhtml"),
    "ip_xact": (".xml",),
    "markdown": (".md", ".markdown"),
    "pandoc": tuple(FORMATS),
    "pdf": (".pdf",),
    "plain_text": (".txt",),
    "python_source": (".py",),
    "slides": (".pptx",),
    "spreadsheet": (".xlsx",),
    "system_rdl": (".rdl",),
    "systemverilog": (".sv", ".svh", ".v", ".vh"),
    "vhdl": (".vhd", ".vhdl"),
}
SUFFIXES = {suffix: module for module, suffixes in MODULES.items() for suffix in suffixes}


def is_read(file: Path) -> bool:
    """Return True if a reader reads such files."""
    # XML may be anything, and a message for each file that is no document would hide the others.
    if file.suffix.lower() == ".xml" and file.is_file() and os.access(file, os.R_OK):
        return is_ip_xact(file)
    return file.suffix.lower() in SUFFIXES


def read_document(file: Path, home: Path) -> Document:
    """Read a file by the reader of its suffix."""
    reader = import_module(f"runner.corpus.readers.{SUFFIXES[file.suffix.lower()]}")
    return cast(DocumentReader, reader).read(file, home)
