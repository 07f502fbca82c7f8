"""Directives that include other files: a document's text in, the text with these files out.

A file that is a document of its own is left out there, so that no text is read twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runner.corpus.readers.limited import limited_text
from runner.errors import Fault

# By pandoc's names of formats. Behind the path stands the part that is wanted.
DIRECTIVES: Mapping[str, re.Pattern[str]] = {
    "markdown": re.compile(r"(?<!\\)\{\{#(?:include|rustdoc_include|playground) +(?P<path>[^}:\s]+)(?P<part>:[^}\s]*)?[^}]*\}\}"),
    "asciidoc": re.compile(r"^include::(?P<path>[^\[]+)(?P<part>\[[^\]]*\])\s*$"),
    "rst": re.compile(r"^\s*\.\. +(?:literal)?include:: *(?P<path>\S+)(?P<part>)\s*$"),
    "latex": re.compile(r"(?<!\\)\\(?:input|include|subfile)\{(?P<path>[^}]+)\}(?P<part>)"),
    "org": re.compile(r'^#\+INCLUDE:\s*"?(?P<path>[^"\s]+)"?(?P<part>.*)$', re.IGNORECASE),
}
INSERTED = {"markdown", "asciidoc"}  # forms in which any text may stand in the place of a directive
# What other programs fill in.
_PLACEHOLDER = re.compile(r"(?<!\\)\{\{#(?!title\b)[\w-]+[^}]*\}\}")
_TITLE = re.compile(r"(?<!\\)\{\{#title\b[^}]*\}\}")
_LINES = re.compile(r":(\d*)(:(\d*))?|\[.*\blines=\"?(\d+)(\.\.(\d*))?.*\]")
_NAMED = re.compile(r":([\w-]+)|\[.*\btags?=([\w-]+).*\]")


@dataclass
class Inclusion:
    """A text with the files that it includes."""

    lines: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)  # for each line that was there before, its place now
    files: list[str] = field(default_factory=list)  # that were looked for, relative to the folder
    missing: list[str] = field(default_factory=list)  # what is not in the text, each with its reason

    def notes(self, file: Path) -> tuple[str, ...]:
        """Return a note on what is missing, if anything is."""
        return (f"{file.name} includes what was not read: {', '.join(dict.fromkeys(self.missing))}",) if self.missing else ()


def with_included(text: str, file: Path, home: Path, form: str) -> Inclusion:
    """Put into a text the files that it includes.

    A file that is hidden or not in `home` is not read: it may be any file of this machine.
    """
    done = Inclusion()

    def included(match: re.Match[str]) -> str:
        path = Path(match["path"].strip())
        target = (file.parent / (path.with_suffix(".tex") if form == "latex" and not path.suffix else path)).resolve()
        reason = _reason(target, home.resolve(), form)
        if target.is_relative_to(home.resolve()):
            done.files.append(target.relative_to(home.resolve()).as_posix())
        try:
            if reason is None:
                return _part(limited_text(target), match["part"] or "")
        except Fault:
            reason = "no text"
        if reason:
            done.missing.append(f"{path} ({reason})")
        return ""

    for line in text.split("\n"):
        done.begins.append(len(done.lines))
        if form == "markdown":
            done.missing += _PLACEHOLDER.findall(DIRECTIVES[form].sub("", line))
            line = _TITLE.sub("", line)
        done.lines += DIRECTIVES[form].sub(included, line).split("\n")
    return done


def _reason(target: Path, home: Path, form: str) -> str | None:
    """Return why a file is not inserted.

    None if it is, and an empty text if it is read as a document of its own.
    """
    # Imported here, since the choice of a reader imports the readers.
    from runner.corpus.readers.choose import is_read

    if not target.is_relative_to(home):
        return "out of the folder"
    if any(part.startswith(".") for part in target.relative_to(home).parts):
        return "hidden"
    if not target.is_file():
        return "no such file"
    if is_read(target):
        return ""
    return None if form in INSERTED else "no document"


def _part(text: str, wanted: str) -> str:
    """Return the lines that a directive wants: all, some, or those between two marks."""
    lines = text.rstrip("\n").split("\n")
    if wanted and (numbers := _LINES.fullmatch(wanted)):
        start, several, last = numbers[1] or numbers[4] or "1", numbers[2] or numbers[5], numbers[3] or numbers[6]
        return "\n".join(lines[int(start) - 1 : int(last or len(lines)) if several else int(start)])
    named = _NAMED.fullmatch(wanted)
    if not named:
        return "\n".join(lines)
    mark = re.compile(rf"\b(?:ANCHOR(_END)?: *{named[1]}|(?:tag|(end))::{named[2]}\[\])")
    kept, inside = list[str](), False
    for line in lines:
        if match := mark.search(line):
            inside = not (match[1] or match[2])
        elif inside:
            kept.append(line)
    return "\n".join(kept)
