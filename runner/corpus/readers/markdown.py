"""Markdown: a file in, its text without front matter out."""

from dataclasses import replace
from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.front_matter import front_matter
from runner.corpus.readers.includes import with_included
from runner.corpus.readers.limited import limited_text


def read(file: Path, home: Path) -> Document:
    """Read a Markdown file, with what mdBook would include."""
    document = with_front_matter(file)
    if "{{#" not in document.markdown:
        return document
    whole = with_included(document.markdown, file, home, "markdown")
    places = tuple((at, f"line {document.skipped + line}") for line, at in enumerate(whole.begins, 1))
    return replace(document, markdown="\n".join(whole.lines), places=places, included=tuple(whole.files), notes=whole.notes(file))


def with_front_matter(file: Path) -> Document:
    """Read a text file that may have front matter."""
    lines = limited_text(file).split("\n")  # not splitlines(), which also breaks at form feeds and U+2028
    values, taken = front_matter(file, lines)
    title, category = values.get("title", ""), values.get("category", "")
    return Document(markdown="\n".join(lines[taken:]), title=title, category=category, skipped=taken)
