"""Choice of a reader: a file in, its text out."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from runner.corpus.readers import Document, DocumentReader
from runner.corpus.readers.pandoc import FORMATS

# The suffixes of each module. A module is imported when a file needs it, since some take seconds or an extra.
MODULES: Mapping[str, tuple[str, ...]] = {
    "c_header": (".h",),
    "hjson": (".hjson",),
    "html": (".html", ".htm", ".xhtml"),
    "markdown": (".md", ".markdown"),
    "pandoc": tuple(FORMATS),
    "pdf": (".pdf",),
    "plain_text": (".txt",),
    "python_source": (".py",),
    "systemverilog": (".sv", ".svh", ".v", ".vh"),
    "vhdl": (".vhd", ".vhdl"),
}
SUFFIXES = {suffix: module for module, suffixes in MODULES.items() for suffix in suffixes}


def read_document(file: Path, home: Path) -> Document:
    """Read a file by the reader of its suffix."""
    reader = import_module(f"runner.corpus.readers.{SUFFIXES[file.suffix.lower()]}")
    return cast(DocumentReader, reader).read(file, home)
