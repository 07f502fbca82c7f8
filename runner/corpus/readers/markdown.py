"""Markdown: a file in, its text without front matter out."""

from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.front_matter import front_matter
from runner.data.text_file import read_text


def read(file: Path, home: Path) -> Document:
    """Read a Markdown file."""
    lines = read_text(file).split("\n")  # not splitlines(), which also breaks at form feeds and U+2028
    values, taken = front_matter(file, lines)
    title, category = values.get("title", ""), values.get("category", "")
    return Document(markdown="\n".join(lines[taken:]), title=title, category=category, skipped=taken)
