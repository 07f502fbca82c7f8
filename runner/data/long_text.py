"""Splitting of long text: a part of a document in, pieces of limited size out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt

from runner.data.sentences import sentence_ends

Size = Callable[[str], int]


@dataclass(frozen=True)
class _Block:
    """Places of a table or code in a text."""

    start: int
    rows: int  # where the first row or line below the header begins
    end: int
    header: str = ""  # repeated before each piece
    code: bool = False


def _behind(pattern: str) -> Callable[[str], Sequence[int]]:
    """Make a rule that ends spans behind each match."""
    compiled = re.compile(pattern)
    return lambda text: [match.end() for match in compiled.finditer(text)]


_PARAGRAPHS, _LINES, _WORDS = _behind(r"\n\s*\n"), _behind(r"\n"), _behind(r"\s+")
# An item of a list and a row of a table begin a line.
_ITEMS = _behind(r"\n(?=[^\S\n]*(?:[-*+•]|\d+[.)])\s|[^\n]*\|)")
_ITEM = re.compile(r"(?:[-*+•]|\d+[.)])\s")
# Where a long text is split, the best places first.
_PLACES: Sequence[Callable[[str], Sequence[int]]] = (_PARAGRAPHS, _ITEMS, sentence_ends, _LINES, _WORDS)
_CODE = (_PARAGRAPHS, _LINES, _WORDS)


def split(text: str, limit: int, size: Size = len) -> Iterator[str]:
    """Split a text into pieces.

    A piece has at most the size `limit`, by default in characters. No word is lost, and the order stays. Items, rows and
    sentences stay whole where they fit. A piece that begins within a table gets the table's header row before it, one that begins
    within code the line that opens it.
    """
    header, begin, last = "", 0, 0
    for first, after, above in _atoms(text, limit, size):
        piece = text[begin:last].strip()
        if piece and size(header) + size(text[begin:after].strip()) > limit:
            yield header + piece
            piece = ""
        if not piece:
            header, begin = above, first
        last = after
    if rest := text[begin:last].strip():
        yield header + rest


def groups(text: str, count: int, limit: int, size: Size = len) -> Iterator[str]:
    """Split a text into pieces of `count` sentences.

    An item of a list, a row of a table and a block of code count as sentences. A piece that is larger than `limit` is split, as
    by `split`.
    """
    for block in _every_block(text, limit, size):
        header = "" if block.code else text[block.start : block.rows]
        units = _units(text, block)
        for at in range(0, len(units), count):
            piece = header + "".join(units[at : at + count]).strip()
            yield from [piece] if size(piece) <= limit else split(piece, limit, size)


def _units(text: str, block: _Block) -> list[str]:
    """Split a block into sentences, with the space before each."""
    whole = text[block.rows : block.end]
    if block.code:
        return [text[block.start : block.end]]
    if block.rows > block.start:
        return [f"\n{row}" for row in whole.splitlines() if row.strip()] or [""]
    parts = [whole]
    for rule in (_PARAGRAPHS, _ITEMS, sentence_ends):
        parts = [part[start:end] for part in parts for start, end in pairwise([0, *rule(part), len(part)])]
    # A sentence that was wrapped becomes one line. An item of a list stands on a line of its own.
    lines = (" ".join(part.split()) for part in parts)
    return [f"\n{line}" if _ITEM.match(line) else f" {line}" for line in lines if line]


def _every_block(text: str, limit: int, size: Size) -> Iterator[_Block]:
    """Yield tables and code, and the prose between them."""
    at = 0
    for block in _blocks(text, limit, size):
        if text[at : block.start].strip():
            yield _Block(at, at, block.start)
        yield block
        at = block.end
    if text[at:].strip():
        yield _Block(at, at, len(text))


def _atoms(text: str, limit: int, size: Size) -> Iterator[tuple[int, int, str]]:
    """Yield spans that stay whole, each with its header."""
    for block in _every_block(text, limit, size):
        # The header row itself needs no header above it.
        for start, stop, header in ((block.start, block.rows, ""), (block.rows, block.end, block.header)):
            rules = _CODE if block.code else _PLACES
            for first, after in _spans(text, (start, stop), limit - size(header), size, rules):
                yield first, after, header


def _spans(
    text: str, part: tuple[int, int], limit: int, size: Size, rules: Sequence[Callable[[str], Sequence[int]]]
) -> Iterator[tuple[int, int]]:
    """Split at the best places until each span fits."""
    start, end = part
    if start >= end:
        return
    if size(text[start:end].strip()) <= limit:
        yield start, end
    elif not rules:  # a word that is longer than a passage
        yield from ((at, min(at + limit, end)) for at in range(start, end, limit))
    else:
        ends = [start + place for place in rules[0](text[start:end])]
        for span in pairwise([start, *ends, end]):
            yield from _spans(text, span, limit, size, rules[1:])


@lru_cache(maxsize=1)  # a section may have many long parts
def _blocks(text: str, limit: int, size: Size) -> list[_Block]:
    """Find tables and fenced code of Markdown, in their order."""
    if not re.search(r"\||```|~~~", text):
        return []
    # The parser takes a carriage return for the end of a line. What stands within a line makes no block.
    tokens = MarkdownIt().enable("table").disable(["inline", "text_join"]).parse(text.replace("\r", " "))
    lines = text.split("\n")
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    blocks = list[_Block]()
    for token in tokens:
        if token.type in ("table_open", "fence") and token.map:
            first, after = token.map
            code = token.type == "fence"
            # The names of the columns and the line of dashes, or the line that opens the code.
            below = min(first + (1 if code else 2), after)
            start, rows, end = (min(begins[line], len(text)) for line in (first, below, after))
            header = text[start:rows].strip() + "\n"
            # Names that would fill the passages are not repeated.
            blocks.append(_Block(start, rows, end, header if size(header) <= limit // 2 else "", code))
    return blocks
