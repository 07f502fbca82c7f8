"""Source files: their units, such as modules and functions, in, a document with tables, code and facts out.

Readers of programming languages share it, so that all languages give the same form.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from runner.corpus.readers import Document
from runner.corpus.readers.markdown_writing import code_block, filled_table, flat, prose

LONGEST_CELL = 200  # characters; longer values stand whole in the code
# Paragraphs of a comment that are the same in every file of a project.
LICENCE = re.compile(
    r"copyright|\(c\) \d{4}|SPDX-|licen[cs]ed under|licen[cs]e for|all rights reserved|redistribut|permission is hereby|"
    r"as[ -]is\b|liab(?:le|ility)|warrant(?:y|ies)|DO NOT EDIT",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Comments:
    """Marks of comments in a language."""

    line: str  # until the end of the line
    block: tuple[str, str] = ("\0", "\0")  # around several lines; NUL stands in no file
    # What a comment begins a line with.
    clean = re.compile(r"^\s*(?://[/!<]*|--+[!|]?|/\*+[!<]*|\*+(?!\S)|#+:?(?=\s|$))?\s?|\s*\*+/\s*$")


# Where a comment's first paragraph ends; Doxygen names parameters behind it.
_TAG = re.compile(r"\n\s*\n|[@\\](?:param|return|retval|note|warning|see|tparam)")
# A line that begins like this ends a group of declarations.
_ENDS = (")", "}", "end", "#if", "#e", "`if", "`e")
C_LIKE = Comments("//", ("/*", "*/"))


@dataclass(frozen=True, kw_only=True)
class Values:
    """A table of a unit, such as its ports."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    facts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class CodeUnit:
    """A part of a source file, such as a module."""

    heading: str  # module uart_core
    start: int  # its first line in the file, counted from 0
    stop: int  # the line behind it; what stands between units belongs to the next one
    tables: Sequence[Values] = ()
    facts: Sequence[str] = ()  # beside those of the tables
    level: int = 2


def document(name: str, text: str, language: str, comments: Comments, units: Iterable[CodeUnit]) -> Document:
    """Write a source file as a document.

    Each unit becomes the comment above it, its tables and its code. `name` is the file's name. No code is left out: what
    follows the last unit gets a heading of its own.
    """
    lines = text.rstrip().split("\n")
    written, facts, places = [f"# {name}", ""], list[tuple[int, str]](), [(0, "line 1")]
    at = 0
    for unit in units:
        comment, code = _parted(lines[at : unit.stop], comments)
        at = max(at, unit.stop)
        places.append((len(written), f"line {unit.start + 1}"))
        written += [f"{'#' * unit.level} {unit.heading}", ""]
        facts += ((len(written), fact) for fact in unit.facts)
        written += [*prose(_told(comment, comments)).split("\n"), ""]
        tables = [values for values in unit.tables if values.rows]
        for values in tables:
            written += [f"{'#' * (unit.level + 1)} {values.heading}", ""]
            facts += ((len(written), fact) for fact in values.facts)
            written += filled_table(values.columns, [[short(cell) for cell in row] for row in values.rows])
            written.append("")
        if code:
            written += [*([f"{'#' * (unit.level + 1)} Code", ""] if tables else []), *code_block(code, language)]
        written.append("")
    comment, code = _parted(lines[at:], comments)
    if code or (at == 0 and comment):
        places.append((len(written), f"line {at + len(comment) + 1}"))
        written += ["## Further code", ""] if at else []
        written += [*prose(_told(comment, comments)).split("\n"), *(code_block(code, language) if code else [])]
    return Document(markdown="\n".join(written), title=name, facts=tuple(facts), places=tuple(places))


def beside(lines: Sequence[str], first: int, last: int, comments: Comments) -> str:
    """Return the comment behind or above some lines.

    A comment above several lines that stand together is about all of them, and is not returned.
    """
    opening, closing = map(re.escape, comments.block)
    behind = re.search(rf"\S\s*({re.escape(comments.line)}.*|{opening}(?:(?!{closing}).)*{closing}\s*)$", lines[last])
    if behind:
        return flat(_cleaned(behind[1], comments))
    after = lines[last + 1].strip() if last + 1 < len(lines) else ""
    if after and not after.startswith((comments.line, comments.block[0], *_ENDS)):
        return ""
    above = list(takewhile(lambda line: line.strip().startswith((comments.line, "*")), reversed(lines[:first])))
    opened = first - len(above) - 1
    if opened >= 0 and lines[opened].strip().startswith(comments.block[0]):
        above.append(lines[opened])
    return flat(_TAG.split(_told(above[::-1], comments))[0])


def head(heading: str, lines: Sequence[str], first: int, comments: Comments) -> CodeUnit:
    """Return what stands before a file's first declaration.

    `first` is the declaration's line. The comment above it is its own, unless the file begins with it.
    """
    marks = (comments.line, *comments.block, "*")
    own = len(list(takewhile(lambda line: line.strip().startswith(marks), reversed(lines[:first]))))
    return CodeUnit(heading=heading, start=0, stop=first - own)


def short(value: str) -> str:
    """Write a value on one line; cut a long one."""
    line = flat(value)
    return line if len(line) <= LONGEST_CELL else f"{line[:LONGEST_CELL]}…"


def _parted(lines: Sequence[str], comments: Comments) -> tuple[Sequence[str], Sequence[str]]:
    """Split lines into a leading comment and code."""
    opening, closing = comments.block
    inside = False
    for number, line in enumerate(lines):
        bare = line.strip()
        if not inside and bare and not bare.startswith((comments.line, opening)):
            return lines[:number], lines[number:]
        if inside or bare.startswith(opening):
            inside = closing not in (bare if inside else bare[len(opening) :])
            if not inside and not bare.endswith(closing):  # code behind the comment
                return lines[:number], lines[number:]
    return lines, []


def _told(lines: Sequence[str], comments: Comments) -> str:
    """Return the text of a comment, without its licence."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(_cleaned(line, comments) for line in lines))
    return "\n\n".join(text.strip() for text in paragraphs if text.strip() and not LICENCE.search(text))


def _cleaned(line: str, comments: Comments) -> str:
    """Return a line of a comment without its marks."""
    text = re.sub(r"\s*(?:--+|\*+/)\s*$", "", comments.clean.sub("", line))
    return text if re.search(r"\w", text) else ""  # a line of dashes
