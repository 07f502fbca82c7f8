"""Plain text: a file in, one part without headings out."""

from dataclasses import replace
from pathlib import Path

from runner.corpus.readers import Document, markdown


def read(file: Path, home: Path) -> Document:
    """Read a text file; it may have front matter."""
    return replace(markdown.read(file, home), headings=False)
