"""The contract of a reader: a file in, one document in Markdown out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Document:
    """The text of a file in Markdown.

    `places` names where a part of the text stands in the file: from the line of `markdown` with this number on, counted from
    0. Without places, the lines of `markdown` are those of the file, of which `skipped` come before.
    """

    markdown: str
    title: str = ""  # if empty, the first heading of level 1, or else the file's name
    category: str = ""  # if empty, the top folder, or else the file's name
    places: tuple[tuple[int, str], ...] = ()  # such as (120, "page 4")
    skipped: int = 0
    facts: tuple[tuple[int, str], ...] = ()  # that the file states by its form, each with its line of `markdown`
    headings: bool = True  # False: a line that begins with # is no heading
    included: tuple[str, ...] = ()  # other files that were read or looked for, relative to the folder
    notes: tuple[str, ...] = ()  # for people: what was left out or may be wrong


class DocumentReader(Protocol):
    """A module that reads one kind of file."""

    def read(self, file: Path, home: Path) -> Document:
        """Read a file.

        `home` is the folder that no file outside of is read from. Raise a Fault that names the file if it can't be read.
        """
