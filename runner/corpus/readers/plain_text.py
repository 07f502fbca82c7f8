"""Plain text: a file in, one part without headings out."""

from dataclasses import replace
from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.markdown import with_front_matter


def read(file: Path, home: Path) -> Document:
    """Read a text file; it may have front matter."""
    return replace(with_front_matter(file), headings=False)
