"""Choice of a reader: a file in, its text out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from runner.corpus.readers import Document, DocumentReader
from runner.corpus.readers.ip_xact import is_ip_xact
from runner.corpus.readers.pandoc import FORMATS


@dataclass(frozen=True)
class ReaderModule:
    """A module that reads files, with the suffixes of these."""

    # A module is imported when a file needs it, since some take seconds or an extra.
    module: str
    suffixes: tuple[str, ...]
    libraries: tuple[str, ...] = ()  # whose versions decide what it reads


READERS = (
    ReaderModule("c_header", (".h",), ("tree-sitter", "tree-sitter-c")),
    ReaderModule("delimited", (".csv", ".tsv")),
    ReaderModule("hjson", (".hjson",), ("hjson",)),
    ReaderModule("html", (".html", ".htm", ".xhtml"), ("lxml", "pypandoc-binary")),
    ReaderModule("ip_xact", (".xml",), ("lxml",)),
    ReaderModule("markdown", (".md", ".markdown")),
    ReaderModule("pandoc", tuple(FORMATS), ("pypandoc-binary",)),
    ReaderModule("pdf", (".pdf",), ("liteparse", "pypdfium2")),
    ReaderModule("plain_text", (".txt",)),
    ReaderModule("python_source", (".py",)),
    ReaderModule("slides", (".pptx",), ("python-pptx",)),
    ReaderModule("spreadsheet", (".xlsx",), ("python-calamine",)),
    ReaderModule("system_rdl", (".rdl",), ("systemrdl-compiler",)),
    ReaderModule("systemverilog", (".sv", ".svh", ".v", ".vh"), ("pyslang",)),
    ReaderModule("vhdl", (".vhd", ".vhdl"), ("tree-sitter", "tree-sitter-vhdl")),
)
SUFFIXES: Mapping[str, ReaderModule] = {suffix: reader for reader in READERS for suffix in reader.suffixes}


def is_read(file: Path) -> bool:
    """Return True if a reader reads such files."""
    # XML may be anything, and a message for each file that is no document would hide the others.
    if file.suffix.lower() == ".xml" and file.is_file() and os.access(file, os.R_OK):
        return is_ip_xact(file)
    return file.suffix.lower() in SUFFIXES


def reader_of(file: Path) -> ReaderModule:
    """Return the reader of a file's suffix."""
    return SUFFIXES[file.suffix.lower()]


def read_document(file: Path, home: Path) -> Document:
    """Read a file by the reader of its suffix."""
    reader = import_module(f"runner.corpus.readers.{reader_of(file).module}")
    return cast(DocumentReader, reader).read(file, home)
