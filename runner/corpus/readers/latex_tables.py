"""LaTeX as pandoc reads tables: a source in, the same with plain columns and cells out."""

import re
from collections.abc import Iterator
from pathlib import Path

# Each with the number of groups before its columns, such as a width.
TABLES = {
    "tabular": 0,
    "longtable": 0,
    "supertabular": 0,
    "NiceTabular": 0,
    "tabular*": 1,
    "tabularx": 1,
    "tabulary": 1,
    "xltabular": 1,
}
LONG = {"longtable", "xltabular"}  # those that hold their captions
TEXT = {"minipage", "itemize", "enumerate", "description", "center", "flushleft", "flushright"}  # without rows of their own
MOST_COLUMNS = 100
VISIBLE = Path(__file__).with_name("visible.tex")
_STEPS = {"begin": 1, "end": -1, "{": 1, "}": -1}
_OTHER = -1_000_000  # as the depth in an environment that is no table
_EDGE = r"\\(?P<edge>begin|end)\{(?P<name>[a-zA-Z]+\*?)\}"
# Where %, braces and line breaks are letters, and comments.
_LITERAL = (
    r"\\begin\{(?P<literal>verbatim|Verbatim|lstlisting|minted)\}.*?\\end\{(?P=literal)\}"
    r"|\\(?:verb|lstinline)\*?(?P<bar>[^\w\s*{\[]).*?(?P=bar)|(?P<address>\\(?:url|href)\{[^}]*\})|%[^\n]*"
)
_TOKEN = re.compile(rf"{_LITERAL}|{_EDGE}|(?P<row>\\\\\*?(?:\[[^\]]*\])?)|\\.|[{{}}]", re.DOTALL)
_PERCENT = re.compile(r"(?<!\\)%")  # of an address: in a table pandoc takes it for the start of a comment
_OPTIONS = re.compile(r"\s*(?:\[[^\]]*\]\s*)*")
_COLUMN_TYPE = re.compile(r"\\newcolumntype\s*(?:\{\w\}|\w)\s*(?:\[\d\])?\s*(?=\{)")
_IN_TABLE = r"(?:(?!\\end\{).)*?"
# The head of later pages, and the foot of all but the last.
_REPEATED = re.compile(rf"(?:\\endfirsthead\b{_IN_TABLE})?\\endhead\b(?:{_IN_TABLE}\\endfoot\b)?", re.DOTALL)


def plain_tables(text: str) -> str:
    """Rewrite tables so that pandoc reads every cell.

    It takes a line break in a box or a group for the end of the row, reads few kinds of columns, and refuses a document that
    defines a kind with arguments.
    """
    while kind := _COLUMN_TYPE.search(text):
        text = text[: kind.start()] + text[_group(text, kind.end())[1] :]
    return VISIBLE.read_text(encoding="utf-8") + "".join(_parts(_REPEATED.sub(r"\\endhead ", text)))


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a source, rewritten."""
    depths = list[int]()  # of groups and text environments, for each environment with rows
    at = 0
    while token := _TOKEN.search(text, at):
        yield text[at : token.start()]
        at, name, edge = token.end(), token["name"], token["edge"]
        if edge and name in TABLES:
            yield f"\\{edge}{{{'longtable' if name in LONG else 'tabular'}}}"
            if edge == "begin":
                columns, at = _columns_at(text, at, TABLES[name])
                yield columns
        elif name == "minipage" and depths:
            yield " {" if edge == "begin" else "}"
            at = _group(text, at)[1] if edge == "begin" else at
        elif token["row"]:
            yield "\\newline " if depths and depths[-1] > 0 else token[0]
        else:
            yield _PERCENT.sub(r"\\%", token[0]) if token["address"] and depths else token[0]
        if edge and (name in TABLES or (depths and name not in TEXT)):
            depths = [*depths, 0 if name in TABLES else _OTHER] if edge == "begin" else depths[:-1]
        elif depths:
            depths[-1] += _STEPS.get(edge or token[0], 0)
    yield text[at:]


def _columns_at(text: str, at: int, before: int) -> tuple[str, int]:
    """Return plain columns of a table, and the place behind."""
    for _ in range(before):
        at = _group(text, at)[1]
    columns, at = _group(text, at)
    return f"{{{'l' * min(_column_count(columns), MOST_COLUMNS)}}}", at


def _column_count(columns: str) -> int:
    """Count columns such as |l|*{2}{c}p{3cm}|."""
    count = at = 0
    while at < len(columns):
        mark, at = columns[at], at + 1
        if mark == "*":
            times, at = _group(columns, at)
            repeated, at = _group(columns, at)
            count += (int(times) if times.isdecimal() else 1) * _column_count(repeated)
        elif mark.isalpha() or mark in "@!><":
            count += mark.isalpha()
            at = _group(columns, at)[1]
    return count


def _group(text: str, at: int) -> tuple[str, int]:
    """Return the next group, and the place behind it.

    Options before it are left out. Without a group, the place is that behind the options.
    """
    options = _OPTIONS.match(text, at)
    at = start = options.end() if options else at
    depth = 0
    for edge in _TOKEN.finditer(text, start) if text[start : start + 1] == "{" else ():
        depth += _STEPS.get(edge[0], 0)
        if not depth:
            return text[start + 1 : edge.start()], edge.end()
    return "", at
