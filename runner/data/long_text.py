"""Splitting of long text: a part of a document in, pieces of limited size out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from markdown_it import MarkdownIt

from runner.data.sentences import sentence_ends

# Characters of a passage. English prose of this length has about 460 tokens, and the embedding model reads 512. Tables of
# numbers have up to 1200.
LONGEST = 2000
# Between sentences. A capital before the full stop is an initial (J. Smith), not the end of a sentence.
SENTENCE = re.compile(r"(?<=[a-z0-9)\]\"'][.!?])\s+(?=[A-Z0-9\"'(\[])")
Size = Callable[[str], int]


@dataclass(frozen=True)
class _Table:
    """Places of a table in a text, and its header."""

    start: int
    rows: int  # where the first row below the header begins
    end: int
    header: str


def _behind(pattern: str) -> Callable[[str], Sequence[int]]:
    """Make a rule that ends spans behind each match."""
    compiled = re.compile(pattern)
    return lambda text: [match.end() for match in compiled.finditer(text)]


# Where a long text is split, the best places first. An item of a list and a row of a table begin a line.
_PLACES: Sequence[Callable[[str], Sequence[int]]] = (
    _behind(r"\n\s*\n"),
    _behind(r"\n(?=[^\S\n]*(?:[-*+•]|\d+[.)])\s|[^\n]*\|)"),
    sentence_ends,
    _behind(r"\n"),
    _behind(r"\s+"),
)


def split(text: str, start: int, end: int, limit: int = LONGEST, size: Size = len) -> Iterator[str]:
    """Split text[start:end] into pieces.

    A piece has at most the size `limit`, by default in characters. No word is lost, and the order stays. Items, rows and
    sentences stay whole where they fit. A piece that begins within a table gets the table's header row before it.
    """
    header, begin, last = "", start, start
    for first, after, above in _atoms(text, start, end, limit, size):
        piece = text[begin:last].strip()
        if piece and size(header) + size(text[begin:after].strip()) > limit:
            yield header + piece
            piece = ""
        if not piece:
            header, begin = above, first
        last = after
    if rest := text[begin:last].strip():
        yield header + rest


def _atoms(text: str, start: int, end: int, limit: int, size: Size) -> Iterator[tuple[int, int, str]]:
    """Yield spans that stay whole, each with its header."""
    at = start
    for table in _tables(text, limit, size):
        if table.end <= at or table.start >= end:
            continue
        # The header row itself needs no header above it.
        for stop, header in ((table.start, ""), (table.rows, ""), (table.end, table.header)):
            for first, after in _spans(text, at, min(stop, end), limit - size(header), size):
                yield first, after, header
            at = max(at, min(stop, end))
    for first, after in _spans(text, at, end, limit, size):
        yield first, after, ""


def _spans(text: str, start: int, end: int, limit: int, size: Size, level: int = 0) -> Iterator[tuple[int, int]]:
    """Split at the best places until each span fits."""
    if start >= end:
        return
    if size(text[start:end].strip()) <= limit:
        yield start, end
    elif level == len(_PLACES):  # a word that is longer than a passage
        yield from ((at, min(at + limit, end)) for at in range(start, end, limit))
    else:
        ends = [start + place for place in _PLACES[level](text[start:end])]
        for first, after in zip([start, *ends], [*ends, end], strict=True):
            yield from _spans(text, first, after, limit, size, level + 1)


@lru_cache(maxsize=1)  # a section may have many long parts
def _tables(text: str, limit: int, size: Size) -> list[_Table]:
    """Find the Markdown tables of a text, in their order."""
    if "|" not in text:
        return []
    # The parser takes a carriage return for the end of a line.
    tokens = MarkdownIt().enable("table").parse(text.replace("\r", " "))
    lines = text.split("\n")
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    tables = []
    for token in tokens:
        if token.type == "table_open" and token.map:
            first, after = token.map
            start, rows, end = begins[first], begins[min(first + 2, after)], min(begins[after], len(text))
            header = text[start:rows].strip() + "\n"  # the names of the columns, and the line of dashes
            # Names that would fill the passages are not repeated.
            shown = header if size(header) <= limit // 2 else ""
            tables.append(_Table(start=start, rows=min(rows, end), end=end, header=shown))
    return tables
